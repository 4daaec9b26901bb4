#pragma once

#include "ae/detail/layers/backprop.hpp"
#include "ae/detail/layers/per_parameter.hpp"
#include "ae/parts/contractive.hpp"

namespace ae::detail {

/// The penalty of one batch and all its derivatives. With layers 0 to c of slopes d_i = f'(z_i),
/// and a direction v in the code: r_c = d_c v, s_i = W_(i+1)' r_(i+1), r_i = d_i s_i, q = W_0' r_0,
/// and the penalty is the sum of q^2. Backward through these lines, g_i being its derivative by
/// r_i: g_0 = 2 W_0 q, g_(i+1) = W_(i+1) (g_i d_i), and by d_i it is g_i s_i, from where it goes on
/// to z_i by f''.
template <class Scalar>
class JacobianPenalty {
 public:
  /// After the forward pass of the network, whose layer `code` gives the codes. Returns the
  /// penalty; its derivatives are multiplied by `factor`.
  template <class Network>
  double compute(const Contractive& part, const Network& network, Index code,
                 Workspace<Scalar>& workspace, const Random& random, Scalar factor) {
    prepare(network, code, workspace);
    const Index codes = layers_.back().slope.rows(), batch = layers_.back().slope.cols();
    const Index count = part.directions ? part.directions : codes;
    const double each = part.lambda / static_cast<double>(batch) /
                        static_cast<double>(part.directions ? part.directions : 1);
    double sum = 0;
    for (Index k = 0; k < count; ++k) {
      Vector<Scalar> direction = Vector<Scalar>::Unit(codes, part.directions ? 0 : k);
      if (part.directions) draw_signs(direction, random, k);
      sum += accumulate(network, direction, factor * static_cast<Scalar>(each));
    }
    return each * sum;
  }

  /// The derivatives by z_i (outputs x batch), for the backward pass to add.
  template <class Layer, class Y>
  void add_to_delta(Index i, const Layer& layer, const Y& kept, auto&& delta) const {
    delta.array() += at(i).by_slope.array() * curvature(layer, kept);
  }

  /// The derivatives by the weights that do not go through z.
  void add_to(PerParameter<Scalar>& gradients) const {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      gradients(static_cast<Index>(i), 0) += layers_[i].by_weight;
    }
  }

 private:
  struct PerLayer {
    Matrix<Scalar> slope, s, r, by_slope;  // outputs x batch
    Matrix<Scalar> by_weight;
  };

  const PerLayer& at(Index i) const { return layers_[static_cast<std::size_t>(i)]; }

  static auto curvature(const auto& layer, const auto& kept) {
    if constexpr (requires { layer.activation().second_derivative(kept.array()); }) {
      return layer.activation().second_derivative(kept.array());
    } else {
      return layer.activation().second_derivative_at(kept.array());
    }
  }

  template <class Network>
  void prepare(const Network& network, Index code, Workspace<Scalar>& workspace) {
    layers_.resize(static_cast<std::size_t>(code) + 1);
    for (Index i = 0; i <= code; ++i) {
      network.visit(i, [&](const auto& layer) {
        PerLayer& mine = layers_[static_cast<std::size_t>(i)];
        mine.slope.setOnes(layer.outputs(), workspace.output(i).cols());
        layer.differentiate(mine.slope, workspace.kept(i));
        mine.by_slope.setZero(mine.slope.rows(), mine.slope.cols());
        mine.by_weight.setZero(layer.outputs(), layer.inputs());
      });
    }
  }

  static void draw_signs(Vector<Scalar>& direction, const Random& random, Index k) {
    auto index = static_cast<std::uint64_t>(k * direction.size());
    for (Scalar& entry : direction) entry = random.bits(index++) % 2 ? Scalar{1} : Scalar{-1};
  }

  /// Adds `each` times the derivatives for one direction; returns the sum of q^2.
  template <class Network>
  double accumulate(const Network& network, const Vector<Scalar>& direction, Scalar each) {
    PerLayer& code = layers_.back();
    code.s = direction.replicate(1, code.slope.cols());
    code.r = code.s.cwiseProduct(code.slope);
    for (std::size_t i = layers_.size() - 1; i > 0; --i) {
      network.visit(static_cast<Index>(i), [&](const auto& layer) {
        layers_[i - 1].s.noalias() = layer.weight().transpose() * layers_[i].r;
      });
      layers_[i - 1].r = layers_[i - 1].s.cwiseProduct(layers_[i - 1].slope);
    }
    double sum = 0;
    Matrix<Scalar> below;  // the derivative by s_(i-1), that is, by W_i' r_i
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      network.visit(static_cast<Index>(i), [&](const auto& layer) {
        PerLayer& mine = layers_[i];
        if (i == 0) {
          const Matrix<Scalar> q = layer.weight().transpose() * mine.r;
          sum = static_cast<double>(q.squaredNorm());
          below = 2 * each * q;
        }
        mine.by_weight.noalias() += mine.r * below.transpose();
        const Matrix<Scalar> g = layer.weight() * below;
        mine.by_slope += g.cwiseProduct(mine.s);
        below = g.cwiseProduct(mine.slope);
      });
    }
    return sum;
  }

  std::vector<PerLayer> layers_;
};

}  // namespace ae::detail

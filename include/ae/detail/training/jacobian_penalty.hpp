#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/layers/backprop.hpp"
#include "ae/detail/layers/per_parameter.hpp"
#include "ae/parts/contractive.hpp"

namespace ae::inline AE_ABI::detail {

/// The penalty of one batch and all its derivatives. With layers 0 to c of slopes d_i = f'(z_i),
/// and a direction v in the code: r_c = d_c v, s_i = W_(i+1)' r_(i+1), r_i = d_i s_i, q = W_0' r_0,
/// and the penalty is the sum of q^2. Backward through these lines, g_i being its derivative by
/// r_i: g_0 = 2 W_0 q, g_(i+1) = W_(i+1) (g_i d_i), and by d_i it is g_i s_i, from where it goes on
/// to z_i by f''.
template <class Scalar>
class JacobianPenalty {
 public:
  using View = linalg::View<Scalar>;
  using ConstView = linalg::ConstView<Scalar>;

  /// After the forward pass of the network, whose layer `code` gives the codes. Returns the
  /// penalty; its derivatives are multiplied by `factor`.
  double compute(const Contractive& part, const TrainableNetwork<Scalar>& network, Index code,
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
      sum += accumulate(network, workspace.product, direction, factor * static_cast<Scalar>(each));
    }
    return each * sum;
  }

  /// The derivatives by z_i (outputs x batch), for the backward pass to add.
  void add_to_delta(Index i, const BackwardRef<Scalar>& layer, ConstView kept, View delta) const {
    Matrix<Scalar> curvature(kept.rows(), kept.cols());
    layer.curvature(kept, linalg::view(curvature));
    delta.array() += at(i).by_slope.array() * curvature.array();
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

  void prepare(const TrainableNetwork<Scalar>& network, Index code, Workspace<Scalar>& workspace) {
    layers_.resize(static_cast<std::size_t>(code) + 1);
    for (Index i = 0; i <= code; ++i) {
      PerLayer& mine = layers_[static_cast<std::size_t>(i)];
      const auto& layer = network.layer(i);
      mine.slope.setOnes(layer.outputs, workspace.output(i).cols());
      network.backward_layer(i).differentiate(linalg::view(mine.slope),
                                              linalg::const_view(workspace.kept(i)));
      mine.by_slope.setZero(mine.slope.rows(), mine.slope.cols());
      mine.by_weight.setZero(layer.outputs, layer.inputs);
    }
  }

  static void draw_signs(Vector<Scalar>& direction, const Random& random, Index k) {
    auto index = static_cast<std::uint64_t>(k * direction.size());
    for (Scalar& entry : direction) entry = random.bits(index++) % 2 ? Scalar{1} : Scalar{-1};
  }

  /// Adds `each` times the derivatives for one direction; returns the sum of q^2.
  double accumulate(const TrainableNetwork<Scalar>& network, Product<Scalar>& product,
                    const Vector<Scalar>& direction, Scalar each) {
    const auto weight = [&](std::size_t i) -> const auto& {
      return network.parameter(static_cast<Index>(i), 0).value;
    };
    PerLayer& code = layers_.back();
    code.s = direction.replicate(1, code.slope.cols());
    code.r = code.s.cwiseProduct(code.slope);
    for (std::size_t i = layers_.size() - 1; i > 0; --i) {
      layers_[i - 1].s.resize(weight(i).cols(), layers_[i].r.cols());
      product(layers_[i - 1].s, weight(i).transpose(), layers_[i].r);
      layers_[i - 1].r = layers_[i - 1].s.cwiseProduct(layers_[i - 1].slope);
    }
    q_.resize(weight(0).cols(), layers_[0].r.cols());
    product(q_, weight(0).transpose(), layers_[0].r);
    below_ = 2 * each * q_;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      PerLayer& mine = layers_[i];
      by_weight_.resize(weight(i).rows(), weight(i).cols());
      product(by_weight_, mine.r, below_.transpose());
      mine.by_weight += by_weight_;
      g_.resize(weight(i).rows(), below_.cols());
      product(g_, weight(i), below_);
      mine.by_slope += g_.cwiseProduct(mine.s);
      below_ = g_.cwiseProduct(mine.slope);
    }
    return static_cast<double>(q_.squaredNorm());
  }

  std::vector<PerLayer> layers_;
  // Of one direction: q, g_i, the derivatives by W_i and by s_(i-1), that is, by W_i' r_i.
  Matrix<Scalar> q_, g_, by_weight_, below_;
};

}  // namespace ae::inline AE_ABI::detail

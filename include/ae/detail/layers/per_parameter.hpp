#pragma once

#include <cmath>
#include <vector>

#include "ae/detail/core/padded_matrix.hpp"
#include "ae/detail/layers/network.hpp"

namespace ae::detail {

/// A matrix of the shape of every parameter of a stack: gradients, an optimizer's moments.
template <class Scalar>
class PerParameter {
 public:
  bool empty() const { return matrices_.empty(); }

  /// Zeros for the layers' parameters; what is already there stays.
  void prepare(auto& layers) {
    if (!matrices_.empty()) return;
    for (Index i = 0; i < layers.size(); ++i) {
      matrices_.emplace_back();
      layers.visit(i, [&](auto& layer) {
        for (Index p = 0; p < layer.parameters; ++p) {
          const auto value = layer.parameter(p).value;
          matrices_.back().emplace_back().resize(value.rows(), value.cols());
          matrices_.back().back().view().setZero();
        }
      });
    }
  }

  /// A view of it; a copy is a Matrix.
  MatrixRef<Scalar> operator()(Index layer, Index parameter) {
    return matrices_[static_cast<std::size_t>(layer)][static_cast<std::size_t>(parameter)].view();
  }
  ConstMatrixRef<Scalar> operator()(Index layer, Index parameter) const {
    return matrices_[static_cast<std::size_t>(layer)][static_cast<std::size_t>(parameter)].view();
  }

  /// What `backward` takes to fill them with gradients.
  auto storing() {
    return
        [this](Index layer, Index parameter) { return linalg::storing((*this)(layer, parameter)); };
  }

  void for_each(auto&& f) {
    for (auto& layer : matrices_) {
      for (auto& matrix : layer) {
        MatrixRef<Scalar> view = matrix.view();
        f(view);
      }
    }
  }

  /// The root of the sum of all squares.
  double norm() const {
    double squares = 0;
    for (const auto& layer : matrices_) {
      for (const auto& matrix : layer) squares += static_cast<double>(matrix.view().squaredNorm());
    }
    return std::sqrt(squares);
  }

  /// Scales all of them down together so that their norm is at most `limit`. Pascanu, Mikolov and
  /// Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1.
  void clip_norm(double limit) {
    const double found = norm();
    if (!(found > limit)) return;
    for_each([&](auto& matrix) { matrix *= static_cast<Scalar>(limit / found); });
  }

  /// Brings every entry to the nearest value in [-limit, limit].
  void clip_value(double limit) {
    if (std::isinf(limit)) return;
    const auto bound = static_cast<Scalar>(limit);
    for_each([&](auto& matrix) {  // NaN stays NaN
      matrix = (matrix.array() > bound).select(bound, matrix);
      matrix = (matrix.array() < -bound).select(-bound, matrix);
    });
  }

 private:
  std::vector<std::vector<PaddedMatrix<Scalar>>> matrices_;  // [layer][parameter]
};

/// Calls f(layer, parameter, view of it) for every parameter of a stack.
void for_each_parameter(auto& layers, auto&& f) {
  for (Index i = 0; i < layers.size(); ++i) {
    layers.visit(i, [&](auto& layer) {
      for (Index p = 0; p < layer.parameters; ++p) f(i, p, layer.parameter(p));
    });
  }
}

/// A copy of all parameters.
template <class Layers>
PerParameter<typename Layers::Scalar> parameters_of(Layers& layers) {
  PerParameter<typename Layers::Scalar> copy;
  copy.prepare(layers);
  for_each_parameter(
      layers, [&](Index i, Index p, const auto& parameter) { copy(i, p) = parameter.value; });
  return copy;
}

/// Exchanges the layers' parameters for these.
template <class Layers>
void swap_parameters(Layers& layers, PerParameter<typename Layers::Scalar>& others) {
  for_each_parameter(layers,
                     [&](Index i, Index p, auto parameter) { parameter.value.swap(others(i, p)); });
}

}  // namespace ae::detail

#pragma once

#include <cmath>
#include <vector>

#include "ae/detail/core/padded_matrix.hpp"
#include "ae/detail/layers/network.hpp"

namespace ae::detail {

/// A matrix of the shape of every parameter of a network: gradients, an optimizer's moments.
template <class Scalar>
class PerParameter {
 public:
  bool empty() const { return matrices_.empty(); }

  /// Zeros for parameters, [layer][parameter]; what is already there stays.
  template <class P>
  void prepare(const std::vector<std::vector<P>>& parameters) {
    if (!matrices_.empty()) return;
    matrices_.resize(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (const P& parameter : parameters[i]) {
        PaddedMatrix<Scalar>& matrix = matrices_[i].emplace_back();
        matrix.resize(parameter.value.rows(), parameter.value.cols());
        matrix.view().setZero();
      }
    }
  }
  void prepare(const TrainableNetwork<Scalar>& network) { prepare(network.parameters); }
  template <class Network>
  void prepare(const Network& network) {
    prepare(const_parameters(network));
  }

  /// A view of it; a copy is a Matrix.
  linalg::View<Scalar> operator()(Index layer, Index parameter) {
    return matrices_[static_cast<std::size_t>(layer)][static_cast<std::size_t>(parameter)].view();
  }
  linalg::ConstView<Scalar> operator()(Index layer, Index parameter) const {
    return matrices_[static_cast<std::size_t>(layer)][static_cast<std::size_t>(parameter)].view();
  }

  /// Calls f(view) for all of them.
  template <class F>
  void for_each(const F& f) {
    for (auto& layer : matrices_) {
      for (auto& matrix : layer) f(matrix.view());
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
    const auto factor = static_cast<Scalar>(limit / found);
    for_each([&](auto matrix) { matrix *= factor; });
  }

  /// Brings every entry to the nearest value in [-limit, limit]; NaN stays NaN.
  void clip_value(double limit) {
    if (std::isinf(limit)) return;
    const auto bound = static_cast<Scalar>(limit);
    for_each([&](auto matrix) {
      for (auto column : matrix.colwise()) {
        for (Scalar& entry : column) {  // a loop that compilers take by packets
          entry = entry > bound ? bound : entry < -bound ? -bound : entry;
        }
      }
    });
  }

 private:
  std::vector<std::vector<PaddedMatrix<Scalar>>> matrices_;  // [layer][parameter]
};

/// Calls f(layer, parameter, view of it) for every parameter of a network.
template <class Network, class F>
void for_each_parameter(Network& network, const F& f) {
  auto&& all = trainable(network);
  for (Index i = 0; i < all.size(); ++i) {
    const auto count = static_cast<Index>(all.parameters[static_cast<std::size_t>(i)].size());
    for (Index p = 0; p < count; ++p) f(i, p, all.parameter(i, p));
  }
}

/// A copy of all parameters, [layer][parameter].
template <class Scalar, class P>
PerParameter<Scalar> copy_of(const std::vector<std::vector<P>>& parameters) {
  PerParameter<Scalar> copy;
  copy.prepare(parameters);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    for (std::size_t p = 0; p < parameters[i].size(); ++p) {
      copy(static_cast<Index>(i), static_cast<Index>(p)) = parameters[i][p].value;
    }
  }
  return copy;
}

template <class Scalar>
PerParameter<Scalar> parameters_of(const TrainableNetwork<Scalar>& network) {
  return copy_of<Scalar>(network.parameters);
}
template <class Network>
PerParameter<typename Network::Scalar> parameters_of(const Network& network) {
  return copy_of<typename Network::Scalar>(const_parameters(network));
}

/// Makes them a network's parameters.
template <class Scalar>
void set_parameters(TrainableNetwork<Scalar>& network, const PerParameter<Scalar>& values) {
  for_each_parameter(network,
                     [&](Index i, Index p, auto& parameter) { parameter.value = values(i, p); });
}

/// Exchanges a network's parameters for these.
template <class Network>
void swap_parameters(Network& network, PerParameter<typename Network::Scalar>& others) {
  for_each_parameter(
      network, [&](Index i, Index p, auto& parameter) { parameter.value.swap(others(i, p)); });
}

}  // namespace ae::detail

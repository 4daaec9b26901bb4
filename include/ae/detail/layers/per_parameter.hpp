#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <span>

#include "ae/detail/core/padded_matrix.hpp"
#include "ae/detail/layers/network.hpp"

namespace ae::inline AE_ABI::detail {

/// One matrix for each parameter of a network, of the same shape: gradients, an optimizer's
/// moments. All lie in one piece of memory, each with columns a padded stride apart.
template <class Scalar>
class PerParameter {
 public:
  bool empty() const { return places_.layers() == 0; }

  /// Allocates a matrix of zeros for each parameter; does nothing if it has matrices already.
  template <class P>
  void prepare(const ParameterList<P>& parameters) {
    if (!empty()) return;
    Index size = 0;
    for (Index i = 0; i < parameters.layers(); ++i) {
      for (Index p = 0; p < parameters.count(i); ++p) {
        const auto& value = parameters(i, p).value;
        places_.add({size, value.rows(), value.cols()});
        size += padded<Scalar>(value.rows()) * value.cols();
      }
      places_.end_layer();
    }
    entries_.setZero(size);
  }
  void prepare(const TrainableNetwork<Scalar>& network) { prepare(network.parameters); }
  template <class Network>
  void prepare(const Network& network) {
    prepare(const_parameters(network));
  }

  /// A view of the matrix of parameter p of a layer; assign it to a Matrix for a copy.
  linalg::View<Scalar> operator()(Index layer, Index p) {
    const auto& [first, rows, cols] = places_(layer, p);
    return {entries_.data() + first, rows, cols, Eigen::OuterStride<>(padded<Scalar>(rows))};
  }
  linalg::ConstView<Scalar> operator()(Index layer, Index p) const {
    const auto& [first, rows, cols] = places_(layer, p);
    return {entries_.data() + first, rows, cols, Eigen::OuterStride<>(padded<Scalar>(rows))};
  }

  /// All entries as they lie in memory, with the padding of columns.
  std::span<Scalar> entries() {
    return {entries_.data(), static_cast<std::size_t>(entries_.size())};
  }
  /// Where the entries of a parameter begin in them.
  Index first(Index layer, Index p) const { return places_(layer, p).first; }

  /// Copies the values of parameters of the same shapes.
  template <class P>
  void copy_from(const ParameterList<P>& parameters) {
    for_each_place(places_, [&](Index layer, Index p) {
      linalg::copy(linalg::const_view(parameters(layer, p).value), (*this)(layer, p));
    });
  }

  /// Calls f(view) for all of them.
  template <class F>
  void for_each(const F& f) {
    for_each_place(places_, [&](Index layer, Index p) { f((*this)(layer, p)); });
  }

  /// The root of the sum of all squares.
  double norm() const {
    double squares = 0;
    for_each_place(places_, [&](Index layer, Index p) {
      squares += static_cast<double>((*this)(layer, p).squaredNorm());
    });
    return std::sqrt(squares);
  }

  /// Scales all of them down together so that their norm is at most `limit`. Pascanu, Mikolov and
  /// Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1.
  void clip_norm(double limit) {
    const double found = norm();
    if (!(found > limit)) return;
    entries_ *= static_cast<Scalar>(limit / found);
  }

  /// Brings every entry to the nearest value in [-limit, limit]; NaN stays NaN.
  void clip_value(double limit) {
    if (std::isinf(limit)) return;
    const auto bound = static_cast<Scalar>(limit);
    for (Scalar& entry : entries_) {  // a plain loop, which compilers vectorise
      entry = entry > bound ? bound : entry < -bound ? -bound : entry;
    }
  }

 private:
  struct Place {
    Index first, rows, cols;
  };

  ParameterList<Place> places_;
  Vector<Scalar> entries_;
};

/// Calls f(layer, parameter, view of it) for every parameter of a network.
template <class Network, class F>
void for_each_parameter(Network& network, const F& f) {
  auto&& all = trainable(network);
  for_each_place(all.parameters, [&](Index i, Index p) { f(i, p, all.parameters(i, p)); });
}

/// A copy of all parameters.
template <class Scalar, class P>
PerParameter<Scalar> copy_of(const ParameterList<P>& parameters) {
  PerParameter<Scalar> copy;
  copy.prepare(parameters);
  copy.copy_from(parameters);
  return copy;
}

template <class Scalar>
PerParameter<Scalar> copy_parameters(const TrainableNetwork<Scalar>& network) {
  return copy_of<Scalar>(network.parameters);
}
template <class Network>
PerParameter<typename Network::Scalar> copy_parameters(const Network& network) {
  return copy_of<typename Network::Scalar>(const_parameters(network));
}

/// Copies `values` into the parameters of a network.
template <class Scalar>
void set_parameters(TrainableNetwork<Scalar>& network, const PerParameter<Scalar>& values) {
  for_each_place(network.parameters, [&](Index i, Index p) {
    linalg::copy(values(i, p), linalg::view(network.parameter(i, p).value));
  });
}

/// Exchanges a network's parameters for these.
template <class Network>
void swap_parameters(Network& network, PerParameter<typename Network::Scalar>& others) {
  for_each_parameter(network, [&](Index i, Index p, auto& parameter) {
    auto other = others(i, p);
    for (Index j = 0; j < other.cols(); ++j) {
      std::swap_ranges(&other(0, j), &other(0, j) + other.rows(), &parameter.value(0, j));
    }
  });
}

}  // namespace ae::inline AE_ABI::detail

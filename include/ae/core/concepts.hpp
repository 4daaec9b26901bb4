#pragma once

#include <concepts>
#include <span>
#include <string_view>

#include "ae/core/random.hpp"
#include "ae/core/types.hpp"

/// The extension points of the library: a type with these members is taken, whoever wrote it.
namespace ae {

namespace detail {

using Probe = Eigen::ArrayXXd;
using Tile = Eigen::Map<Matrix<double>>;

template <class T>
concept HasDerivative = requires(const T& activation, const Probe& array) {
  activation.derivative(array);
};

template <class T>
concept HasDerivativeAt = requires(const T& activation, const Probe& array) {
  activation.derivative_at(array);
};

}  // namespace detail

/// An elementwise function, defined for zero. `value(z)` and `derivative(y)`, the derivative in
/// terms of the value y = value(z), are Eigen array expressions; where y does not tell the
/// derivative, there is `derivative_at(z)` instead. `second_derivative(y)` or
/// `second_derivative_at(z)` is only for penalties on derivatives.
template <class T>
concept Activation = requires(const T& activation, const detail::Probe& array) {
  { T::name } -> std::convertible_to<std::string_view>;
  activation.value(array);
}
&&(detail::HasDerivative<T> || detail::HasDerivativeAt<T>);

/// Fills a weight of shape (outputs x inputs).
template <class T>
concept Initializer = requires(const T& initializer, Matrix<double>& weight, const Random& random) {
  initializer(weight, random);
};

/// An elementwise loss whose mean over all elements is minimised: `value(y, target)` and its
/// derivative by y are Eigen array expressions; `units(scale)` is the factor by which the loss of
/// data divided by `scale` grows back to the units of the data.
template <class T>
concept Loss = requires(const T& loss, const detail::Probe& array, double scale) {
  loss.value(array, array);
  loss.derivative(array, array);
  { loss.units(scale) } -> std::convertible_to<double>;
};

/// A penalty on a weight: a number, and its gradient as an Eigen expression, which treats every
/// entry by itself, since it is given a few of them at a time.
template <class T>
concept Regularizer = requires(const T& regularizer, const Matrix<double>& weight) {
  { regularizer.penalty(weight) } -> std::convertible_to<double>;
  regularizer.gradient(weight);
};

/// `rule<Scalar>(rate, step)` is one step's update, a callable on a few entries of each:
/// (parameter, gradient, first moment, second moment). It treats every entry by itself; zeros that
/// belong to no parameter may be among them. Steps are counted from 1, once for all parameters.
template <class T>
concept Optimizer = requires(const T& optimizer, detail::Tile tile) {
  optimizer.template rule<double>(1e-3, Index{1})(tile, tile, tile, tile);
};

/// Random changes to samples before a network sees them, in the units of the data: x (features x
/// some samples) is changed in place with the random numbers from `index` on, one for each element;
/// several threads may call it at once. An augmentation changes input and target alike, a
/// corruption the input only.
template <class T>
concept Augmentation = requires(const T& part, MatrixRef<double> x, const Random& random) {
  part.augment(x, random, std::uint64_t{});
};
template <class T>
concept Corruption = requires(const T& part, MatrixRef<double> x, const Random& random) {
  part.corrupt(x, random, std::uint64_t{});
};

/// A penalty on codes (code size x batch): a number, and its gradient as an Eigen expression.
template <class T>
concept ActivityPenalty = requires(const T& part, const Matrix<double>& codes) {
  { part.activity_penalty(codes) } -> std::convertible_to<double>;
  part.activity_gradient(codes);
};

/// Where samples come from: `read(picks, x)` writes the picked samples to the columns of x
/// (features x picks); several threads may call it at once.
template <class T>
concept Source = requires(const T& source, std::span<const Index> picks, MatrixRef<float> x) {
  { source.features() } -> std::convertible_to<Index>;
  { source.samples() } -> std::convertible_to<Index>;
  source.read(picks, x);
};

}  // namespace ae

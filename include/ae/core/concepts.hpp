#pragma once

#include <concepts>
#include <span>
#include <string_view>
#include <utility>

#include "ae/core/random.hpp"
#include "ae/core/types.hpp"

/// The extension points of the library: a type with these members is taken, whoever wrote it.
/// Parts are asked for float and for double, a source for the numbers that are read from it.
namespace ae {

namespace detail {

/// What parts are called with: arrays and matrices, and a few entries of a parameter.
template <class Scalar>
using Probe = Eigen::Array<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
template <class Scalar>
using Whole = Eigen::Map<Matrix<Scalar>>;
template <class Scalar>
using Entries = Eigen::Map<Eigen::Matrix<Scalar, 8, 1>>;

/// What they give: expressions of the same scalar.
template <class T, class Scalar, template <class> class Base>
concept ExpressionOf = std::derived_from<T, Base<T>> && std::same_as<typename T::Scalar, Scalar>;
template <class T, class Scalar>
concept ArrayOf = ExpressionOf<std::remove_cvref_t<T>, Scalar, Eigen::ArrayBase>;
template <class T, class Scalar>
concept MatrixOf = ExpressionOf<std::remove_cvref_t<T>, Scalar, Eigen::MatrixBase>;

template <class T, class Scalar = float>
concept HasDerivative = requires(const T& activation, const Probe<Scalar>& array) {
  { activation.derivative(array) } -> ArrayOf<Scalar>;
};

template <class T, class Scalar = float>
concept HasDerivativeAt = requires(const T& activation, const Probe<Scalar>& array) {
  { activation.derivative_at(array) } -> ArrayOf<Scalar>;
};

template <class T, class Scalar>
concept ActivationOf = requires(const T& activation, const Probe<Scalar>& array) {
  { activation.value(array) } -> ArrayOf<Scalar>;
}
&&(HasDerivative<T, Scalar> || HasDerivativeAt<T, Scalar>);

template <class T, class Scalar>
concept LossOf = requires(const T& loss, const Probe<Scalar>& array) {
  { loss.value(array, array) } -> ArrayOf<Scalar>;
  { loss.derivative(array, array) } -> ArrayOf<Scalar>;
};

template <class T, class Scalar>
concept RegularizerOf = requires(const T& regularizer, const Whole<Scalar>& weight,
                                 const Entries<Scalar>& entries) {
  { regularizer.penalty(weight) } -> std::convertible_to<double>;
  { regularizer.gradient(entries) } -> MatrixOf<Scalar>;
};

template <class Rule, class Scalar, class... Moments>
concept Updates = requires(const Rule& rule, Entries<Scalar> entries, Moments... moments) {
  rule(entries, entries + entries, moments...);
};

template <class Rule, class Scalar, Index moments>
concept UpdatesWith = (moments == 0 && Updates<Rule, Scalar>) ||
                      (moments == 1 && Updates<Rule, Scalar, Entries<Scalar>>) ||
                      (moments == 2 && Updates<Rule, Scalar, Entries<Scalar>, Entries<Scalar>>);

template <class T, class Scalar>
concept OptimizerOf = requires(const T& optimizer) {
  { optimizer.template rule<Scalar>(1e-3, Index{1}) } -> UpdatesWith<Scalar, T::moments>;
};

template <class T, class Scalar>
concept ActivityPenaltyOf = requires(const T& part, const Matrix<Scalar>& codes) {
  { part.activity_penalty(codes) } -> std::convertible_to<double>;
  { part.activity_gradient(codes) } -> MatrixOf<Scalar>;
};

/// What has samples, whatever the scalar that they can be read as.
template <class T>
concept Sized = requires(const T& source) {
  { source.features() } -> std::convertible_to<Index>;
  { source.samples() } -> std::convertible_to<Index>;
};

}  // namespace detail

/// An elementwise function, defined for zero, with a `name`. `value(z)` and `derivative(y)`, the
/// derivative in terms of the value y = value(z), are Eigen array expressions; where y does not
/// tell the derivative, there is `derivative_at(z)` instead. `second_derivative(y)` or
/// `second_derivative_at(z)` is only for penalties on derivatives.
template <class T>
concept Activation = requires(const T& activation) {
  { activation.name } -> std::convertible_to<std::string_view>;
}
&&detail::ActivationOf<T, float>&& detail::ActivationOf<T, double>;

/// Fills a weight of shape (outputs x inputs).
template <class T>
concept Initializer = requires(const T& initializer, Matrix<float>& narrow, Matrix<double>& wide,
                               const Random& random) {
  initializer(narrow, random);
  initializer(wide, random);
};

/// An elementwise loss whose mean over all elements is minimised: `value(y, target)` and its
/// derivative by y are Eigen array expressions; `units(scale)` is the factor by which the loss of
/// data divided by `scale` grows back to the units of the data.
template <class T>
concept Loss = requires(const T& loss, double scale) {
  { loss.units(scale) } -> std::convertible_to<double>;
}
&&detail::LossOf<T, float>&& detail::LossOf<T, double>;

/// A penalty on a weight: a number, and its gradient as an Eigen expression, which treats every
/// entry by itself, since it is given a few of them at a time.
template <class T>
concept Regularizer = detail::RegularizerOf<T, float> && detail::RegularizerOf<T, double>;

/// `rule<Scalar>(rate, step)` is one step's update: it is called with a few entries of a parameter
/// (a vector, fixed in size where it can be), their gradient (an expression, of the parameter too,
/// so the parameter changes last) and as many moments as the optimizer keeps for every parameter,
/// `moments`, from 0 to 2: numbers that begin as zero and stay from step to step. It treats every
/// entry by itself; zeros that belong to no parameter may be among them. Steps are counted from 1,
/// once for all parameters. A rule may have `without_decay()`, which gives the rule of parameters
/// that are not regularized.
template <class T>
concept Optimizer = detail::OptimizerOf<T, float> && detail::OptimizerOf<T, double>;

/// Random changes to samples before a network sees them, in the units of the data: x (features x
/// some samples) is changed in place with the random numbers from `index` on, one for each element;
/// several threads may call it at once. An augmentation changes input and target alike, a
/// corruption the input only.
template <class T>
concept Augmentation = requires(const T& part, MatrixRef<float> narrow, MatrixRef<double> wide,
                                const Random& random) {
  part.augment(narrow, random, std::uint64_t{});
  part.augment(wide, random, std::uint64_t{});
};
template <class T>
concept Corruption = requires(const T& part, MatrixRef<float> narrow, MatrixRef<double> wide,
                              const Random& random) {
  part.corrupt(narrow, random, std::uint64_t{});
  part.corrupt(wide, random, std::uint64_t{});
};

/// A penalty on codes (code size x batch): a number, and its gradient as an Eigen expression.
template <class T>
concept ActivityPenalty =
    detail::ActivityPenaltyOf<T, float> && detail::ActivityPenaltyOf<T, double>;

/// Where samples come from, as numbers of one scalar: `read(picks, x)` writes the picked samples to
/// the columns of x (features x picks); several threads may call it at once.
template <class T, class Scalar = float>
concept Source = detail::Sized<T> &&
    requires(const T& source, std::span<const Index> picks, MatrixRef<Scalar> x) {
  source.read(picks, x);
};

/// What functions take that look at samples: a matrix (features x samples) of any scalar, or a
/// source of the scalar that they read.
template <class T, class Scalar = float>
concept Samples = std::derived_from<T, Eigen::MatrixBase<T>> || Source<T, Scalar>;

}  // namespace ae

#pragma once

#include "ae/detail/core/abi.hpp"

#include <concepts>
#include <span>
#include <string_view>
#include <utility>

#include "ae/core/random.hpp"
#include "ae/core/types.hpp"
#include "ae/detail/core/builtin_parts.hpp"

/// The extension points of the library: a type with these members is taken, whoever wrote it.
/// Each is asked for the scalar of the model that it is for.
namespace ae::inline AE_ABI {

namespace detail {

/// What parts are called with: a packet of entries, which are read or written, and whole matrices.
template <class Scalar>
using Packet = Eigen::Matrix<Scalar, Eigen::internal::packet_traits<Scalar>::size, 1>;
template <class Scalar>
using Entries = Eigen::Map<Packet<Scalar>>;
template <class Scalar>
using Written = Eigen::ArrayWrapper<Entries<Scalar>>;
template <class Scalar>
using Read = Eigen::ArrayWrapper<const Eigen::Map<const Packet<Scalar>>>;
template <class Scalar>
using Whole = Eigen::Map<Matrix<Scalar>>;

/// What they give: expressions of the same scalar.
template <class T, class Scalar, template <class> class Base>
concept ExpressionOf = std::derived_from<T, Base<T>> && std::same_as<typename T::Scalar, Scalar>;
template <class T, class Scalar>
concept ArrayOf = ExpressionOf<std::remove_cvref_t<T>, Scalar, Eigen::ArrayBase>;
template <class T, class Scalar>
concept MatrixOf = ExpressionOf<std::remove_cvref_t<T>, Scalar, Eigen::MatrixBase>;

template <class T, class Scalar = float>
concept HasDerivative = requires(const T& activation, const Read<Scalar>& array) {
  { activation.derivative(array) } -> ArrayOf<Scalar>;
};

template <class T, class Scalar = float>
concept HasDerivativeAt = requires(const T& activation, const Read<Scalar>& array) {
  { activation.derivative_at(array) } -> ArrayOf<Scalar>;
};

template <class Rule, class Scalar, class... Moments>
concept Updates = requires(const Rule& rule, Entries<Scalar> entries, Moments... moments) {
  rule(entries, entries + entries, moments...);
};

template <class Rule, class Scalar, Index moments>
concept UpdatesWith = (moments == 0 && Updates<Rule, Scalar>) ||
                      (moments == 1 && Updates<Rule, Scalar, Entries<Scalar>>) ||
                      (moments == 2 && Updates<Rule, Scalar, Entries<Scalar>, Entries<Scalar>>);

/// What is asked of a part of the caller's own; the concepts below say what it means.
template <class T, class Scalar>
concept ActivationOf = requires(const T& activation, const Written<Scalar>& array) {
  { activation.name } -> std::convertible_to<std::string_view>;
  { activation.value(array) } -> ArrayOf<Scalar>;
}
&&(HasDerivative<T, Scalar> || HasDerivativeAt<T, Scalar>);

template <class T, class Scalar>
concept LossOf = requires(const T& loss, const Read<Scalar>& array, double scale) {
  { loss.value(array, array) } -> ArrayOf<Scalar>;
  { loss.derivative(array, array) } -> ArrayOf<Scalar>;
  { loss.units(scale) } -> std::convertible_to<double>;
};

template <class T, class Scalar>
concept RegularizerOf = requires(const T& regularizer, const Whole<Scalar>& weight,
                                 const Entries<Scalar>& entries) {
  { regularizer.penalty(weight) } -> std::convertible_to<double>;
  { regularizer.gradient(entries) } -> MatrixOf<Scalar>;
};

template <class T, class Scalar>
concept OptimizerOf = requires(const T& optimizer) {
  { optimizer.template rule<Scalar>(1e-3, Index{1}) } -> UpdatesWith<Scalar, T::moments>;
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
/// ~~~{.cpp}
/// static_assert(ae::Activation<Softsign>);  // one of your own
/// ~~~
template <class T, class Scalar = float>
concept Activation = detail::ActivationOf<detail::Checked<T>, Scalar>;

/// Fills a weight of shape (outputs x inputs).
/// ~~~{.cpp}
/// static_assert(ae::Initializer<ae::Orthogonal>);
/// ~~~
template <class T, class Scalar = float>
concept Initializer = requires(const T& initializer, Matrix<Scalar>& weight, const Random& random) {
  initializer(weight, random);
};

/// An elementwise loss whose mean over all elements is minimised: `value(y, target)` and its
/// derivative by y are Eigen array expressions. With data divided by `scale`, the loss times
/// `units(scale)` is the loss in the data's own units.
/// ~~~{.cpp}
/// static_assert(ae::Loss<ae::Huber> && ae::Loss<ae::Huber, double>);
/// ~~~
template <class T, class Scalar = float>
concept Loss = detail::LossOf<detail::Checked<T>, Scalar>;

/// A penalty on a weight: a number, and its gradient as an Eigen expression, which treats every
/// entry by itself, since it is given a few of them at a time.
/// ~~~{.cpp}
/// static_assert(ae::Regularizer<ae::L2>);
/// ~~~
template <class T, class Scalar = float>
concept Regularizer = detail::RegularizerOf<detail::Checked<T>, Scalar>;

/// `rule<Scalar>(rate, step)` is one step's update: it is called with a few entries of a parameter
/// (a vector, fixed in size where it can be), their gradient (an expression, of the parameter too,
/// so the parameter changes last) and as many moments as the optimizer keeps for every parameter,
/// `moments`, from 0 to 2: numbers that begin as zero and stay from step to step. It treats every
/// entry by itself; zeros that belong to no parameter may be among them. Steps are counted from 1,
/// once for all parameters. A rule may have `without_decay()`, which gives the rule of parameters
/// that are not regularized.
/// ~~~{.cpp}
/// static_assert(ae::Optimizer<ae::Lion>);
/// ~~~
template <class T, class Scalar = float>
concept Optimizer = detail::OptimizerOf<detail::Checked<T>, Scalar>;

/// Random changes to samples before a network sees them: x (features x some samples) is changed in
/// place with the random numbers from `index` on, one for each element; several threads may call it
/// at once. An augmentation changes input and target alike, a corruption the input only. x is in
/// the units of the data; a corruption gets it scaled if each feature has its own divisor.
/// ~~~{.cpp}
/// static_assert(ae::Augmentation<ae::RandomFlipAndShift> && ae::Corruption<ae::Masking>);
/// ~~~
template <class T, class Scalar = float>
concept Augmentation = requires(const T& part, MatrixRef<Scalar> x, const Random& random) {
  part.augment(x, random, std::uint64_t{});
};
template <class T, class Scalar = float>
concept Corruption = requires(const T& part, MatrixRef<Scalar> x, const Random& random) {
  part.corrupt(x, random, std::uint64_t{});
};

/// A penalty on codes (code size x batch): a number, and its gradient as an Eigen expression.
/// ~~~{.cpp}
/// static_assert(ae::ActivityPenalty<ae::SparseL1>);
/// ~~~
template <class T, class Scalar = float>
concept ActivityPenalty = requires(const T& part, const Matrix<Scalar>& codes) {
  { part.activity_penalty(codes) } -> std::convertible_to<double>;
  { part.activity_gradient(codes) } -> detail::MatrixOf<Scalar>;
};

/// Where samples come from, as numbers of one scalar: `read(picks, x)` writes the picked samples to
/// the columns of x (features x picks); several threads may call it at once. A source of a disk may
/// have `read_ahead(picks)` too, which a fit calls on a thread of its own before it reads them.
/// ~~~{.cpp}
/// static_assert(ae::Source<ae::ByteSource> && ae::Source<ae::Windows<double>, float>);
/// ~~~
template <class T, class Scalar = float>
concept Source = detail::Sized<T> &&
    requires(const T& source, std::span<const Index> picks, MatrixRef<Scalar> x) {
  source.read(picks, x);
};

/// What functions take that look at samples: a matrix (features x samples) of any scalar, or a
/// source of the scalar that they read.
/// ~~~{.cpp}
/// static_assert(ae::Samples<ae::Matrix<double>> && ae::Samples<ae::ByteSource>);
/// ~~~
template <class T, class Scalar = float>
concept Samples = std::derived_from<T, Eigen::MatrixBase<T>> || Source<T, Scalar>;

}  // namespace ae::inline AE_ABI

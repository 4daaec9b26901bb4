#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require_range.hpp"
#include "ae/detail/core/sign.hpp"

/// Penalties on weights; biases are left out.
namespace ae::inline AE_ABI {

/// No penalty.
struct NoRegularizer {
  template <class Derived>
  double penalty(const Eigen::MatrixBase<Derived>&) const {
    return 0;
  }

  template <class Derived>
  auto gradient(const Eigen::MatrixBase<Derived>& weight) const {
    return detail::zero(weight.derived());
  }
};

/// lambda times the sum of absolute weights, which makes some of them small. Tibshirani,
/// "Regression shrinkage and selection via the lasso", Journal of the Royal Statistical Society B
/// 58, 1996.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100}, ae::L1{1e-5});
/// ~~~
struct L1 {
  double lambda = 0;

  /// Throws OptionError for a negative or infinite lambda.
  void require_valid() const { detail::require_at_least_zero(lambda, "L1", "a lambda"); }

  template <class Derived>
  double penalty(const Eigen::MatrixBase<Derived>& weight) const {
    return lambda * static_cast<double>(weight.cwiseAbs().sum());
  }

  template <class Derived>
  auto gradient(const Eigen::MatrixBase<Derived>& weight) const {
    return static_cast<typename Derived::Scalar>(lambda) * detail::sign(weight.array()).matrix();
  }
};

/// lambda / 2 times the sum of squared weights. Krogh and Hertz, "A simple weight decay can improve
/// generalization", NIPS 1991, eq. 2.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100}, ae::L2{1e-4});
/// ~~~
struct L2 {
  double lambda = 0;

  /// Throws OptionError for a negative or infinite lambda.
  void require_valid() const { detail::require_at_least_zero(lambda, "L2", "a lambda"); }

  template <class Derived>
  double penalty(const Eigen::MatrixBase<Derived>& weight) const {
    return lambda / 2 * static_cast<double>(weight.squaredNorm());
  }

  template <class Derived>
  auto gradient(const Eigen::MatrixBase<Derived>& weight) const {
    return static_cast<typename Derived::Scalar>(lambda) * weight;
  }
};

/// L1 and L2 together, each with its lambda. Zou and Hastie, "Regularization and variable selection
/// via the elastic net", Journal of the Royal Statistical Society B 67, 2005, eq. 3.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100}, ae::Elastic{.l1 = 1e-5, .l2 = 1e-4});
/// ~~~
struct Elastic {
  double l1 = 0;
  double l2 = 0;

  /// Throws OptionError for a negative or infinite lambda.
  void require_valid() const {
    detail::require_at_least_zero(l1, "Elastic, l1", "a lambda");
    detail::require_at_least_zero(l2, "Elastic, l2", "a lambda");
  }

  template <class Derived>
  double penalty(const Eigen::MatrixBase<Derived>& weight) const {
    return L1{l1}.penalty(weight) + L2{l2}.penalty(weight);
  }

  template <class Derived>
  auto gradient(const Eigen::MatrixBase<Derived>& weight) const {
    return L1{l1}.gradient(weight) + L2{l2}.gradient(weight);
  }
};

}  // namespace ae::inline AE_ABI

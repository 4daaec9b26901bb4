#pragma once

#include <cmath>

#include "ae/core/concepts.hpp"
#include "ae/core/error.hpp"

namespace ae {

/// lambda / 2 times the sum of squared weights; biases are left out. Krogh and Hertz, "A simple
/// weight decay can improve generalization", NIPS 1991, eq. 2.
struct L2 {
  double lambda = 0;

  /// Throws OptionError for a negative or infinite lambda.
  void require_valid() const {
    require<OptionError>(lambda >= 0 && std::isfinite(lambda),
                         "L2: expected a lambda of at least 0, found ", lambda);
  }

  template <class Derived>
  double penalty(const Eigen::MatrixBase<Derived>& weight) const {
    return lambda / 2 * static_cast<double>(weight.squaredNorm());
  }

  template <class Derived>
  auto gradient(const Eigen::MatrixBase<Derived>& weight) const {
    return static_cast<typename Derived::Scalar>(lambda) * weight;
  }
};

}  // namespace ae

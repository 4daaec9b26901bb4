#pragma once

#include "ae/core/concepts.hpp"

namespace ae {

/// lambda / 2 times the sum of squared weights; biases are left out. Krogh and Hertz, "A simple
/// weight decay can improve generalization", NIPS 1991, eq. 2.
struct L2 {
  double lambda = 0;

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

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/linalg/product.hpp"

namespace ae::inline AE_ABI::detail {

/// lhs * rhs as a matrix of its own, for products outside of the training step. Eigen's own, on
/// threads of OpenMP, takes many times as long where other programs keep the processors busy: its
/// threads spin until the last of them has packed its part. Throws ShapeError.
template <class Lhs, class Rhs>
Matrix<typename Lhs::Scalar> multiply(const Lhs& lhs, const Rhs& rhs) {
  Matrix<typename Lhs::Scalar> result(lhs.rows(), rhs.cols());
  Product<typename Lhs::Scalar> product;
  product(result, lhs, rhs);
  return result;
}

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include <Eigen/Core>

namespace ae::inline AE_ABI {

using Index = Eigen::Index;

/// Data is (features x samples): a sample is a column. Weights are (outputs x inputs).
/// ~~~{.cpp}
/// ae::Matrix<float> x(20, 500);  // 500 samples of 20 features
/// x.col(0).setZero();            // the first sample
/// ~~~
template <class Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor>;

template <class Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

/// A matrix whose height is known at compile time.
template <class Scalar, int rows>
using Rows = Eigen::Matrix<Scalar, rows, Eigen::Dynamic, Eigen::ColMajor>;

/// Views that take a matrix, a block or a map without a copy.
template <class Scalar>
using ConstMatrixRef = Eigen::Ref<const Matrix<Scalar>>;

template <class Scalar>
using MatrixRef = Eigen::Ref<Matrix<Scalar>>;

/// The rows or the columns [first, first + size) of a matrix.
struct Range {
  Index first = 0;
  Index size = 0;
};

}  // namespace ae::inline AE_ABI

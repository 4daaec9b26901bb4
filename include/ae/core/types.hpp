#pragma once

#include <Eigen/Core>

namespace ae {

using Index = Eigen::Index;

/// Data is (features x samples): a sample is a column. Weights are (outputs x inputs).
template <class Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

template <class Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

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

}  // namespace ae

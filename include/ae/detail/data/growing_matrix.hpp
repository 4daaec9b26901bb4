#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI::detail {

/// A matrix to which columns are added, with room ahead: memory that nothing was written to is not
/// yet the process's.
template <class Scalar>
class GrowingMatrix {
 public:
  explicit GrowingMatrix(Index rows) : matrix_(rows, 0) {}

  Index cols() const { return cols_; }

  /// A column more, of any values.
  auto add() {
    if (cols_ == matrix_.cols()) {
      const Index room = std::max<Index>(64, cols_ + cols_ / 2);
      matrix_.conservativeResize(Eigen::NoChange, room);
    }
    return matrix_.col(cols_++);
  }

  Matrix<Scalar> take() {
    matrix_.conservativeResize(Eigen::NoChange, cols_);
    return std::move(matrix_);
  }

 private:
  Matrix<Scalar> matrix_;
  Index cols_ = 0;
};

}  // namespace ae::inline AE_ABI::detail

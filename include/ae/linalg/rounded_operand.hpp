#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/types.hpp"
#include "ae/detail/linalg/paired_operand.hpp"
#include "ae/linalg/view.hpp"

namespace ae::inline AE_ABI::linalg {

/// An operand of products that was rounded to bfloat16 before, to nearest, ties to even, in the
/// order in which `Product` reads it: for a matrix that takes part in many products. A product of
/// two of them gives the bits that it gives with `Precision::bfloat16`.
/// ~~~{.cpp}
/// const ae::linalg::RoundedLeft rounded(weight);
/// product(y, rounded, ae::linalg::RoundedRight(x));  // y = weight * x
/// ~~~
template <bool Left>
class RoundedOperand {
 public:
  /// Of a (rows x cols) matrix, which may be an expression.
  explicit RoundedOperand(const ConstMatrixRef<float>& matrix)
      : rows_(matrix.rows()), cols_(matrix.cols()) {
    const Index stride = matrix.outerStride();
    pairs_.prepare(Left ? detail::Side{matrix.data(), rows_, 1, cols_, stride}
                        : detail::Side{matrix.data(), cols_, stride, rows_, 1});
    pairs_.pair(0, 1);
  }

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }

  /// The rounded numbers, (rows x cols).
  Matrix<float> matrix() const {
    return Matrix<float>::NullaryExpr(rows_, cols_, [&](Index row, Index col) {
      return Left ? pairs_.number(row, col) : pairs_.number(col, row);
    });
  }

  /// As the product reads it.
  detail::Side pairs() const { return pairs_.pairs(); }

 private:
  Index rows_, cols_;
  detail::PairedOperand pairs_;
};

using RoundedLeft = RoundedOperand<true>;
using RoundedRight = RoundedOperand<false>;

}  // namespace ae::inline AE_ABI::linalg

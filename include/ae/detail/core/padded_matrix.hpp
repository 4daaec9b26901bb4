#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/core/types.hpp"
#include "ae/detail/core/ceil_div.hpp"

namespace ae::inline AE_ABI::detail {

/// The stride of columns that are whole cache lines apart, but never a multiple of 4 KiB, which
/// would map all of them to the same sets of the cache.
template <class Scalar>
Index padded(Index rows) {
  constexpr Index line = std::max<Index>(1, 64 / static_cast<Index>(sizeof(Scalar)));
  const Index lines = ceil_div(rows, line);
  return (lines > 0 && lines % 64 == 0 ? lines + 1 : lines) * line;
}

/// A matrix with columns a padded stride apart, so that no packet crosses a line. Where its memory
/// begins at a line, as with AVX-512, tiles of whole lines share none.
template <class Scalar>
class PaddedMatrix {
 public:
  /// Makes it (rows x cols), with any numbers; room for more columns stays.
  void resize(Index rows, Index cols) {
    cols_ = cols;
    if (rows == rows_ && matrix_.cols() >= cols) return;
    rows_ = rows;
    matrix_.resize(padded<Scalar>(rows), cols);
  }

  Index rows() const { return rows_; }

  auto view() {
    return Eigen::Map<Matrix<Scalar>, 0, Eigen::OuterStride<>>(
        matrix_.data(), rows_, cols_, Eigen::OuterStride<>(matrix_.rows()));
  }
  auto view() const {
    return Eigen::Map<const Matrix<Scalar>, 0, Eigen::OuterStride<>>(
        matrix_.data(), rows_, cols_, Eigen::OuterStride<>(matrix_.rows()));
  }

 private:
  Matrix<Scalar> matrix_;  // with a few rows more than are used
  Index rows_ = 0, cols_ = 0;
};

}  // namespace ae::inline AE_ABI::detail

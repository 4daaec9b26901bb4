#pragma once

#include <algorithm>

#include "ae/detail/core/require.hpp"
#include "ae/linalg/epilogue.hpp"

/// What every way of computing a product shares.
namespace ae::detail {

template <class Lhs, class Rhs>
void require_shapes(const Lhs& lhs, const Rhs& rhs) {
  require<ShapeError>(lhs.cols() == rhs.rows(), "product: cannot multiply ",
                      shape(lhs.rows(), lhs.cols()), " by ", shape(rhs.rows(), rhs.cols()));
}

template <class Dst, class Lhs, class Rhs>
void require_shapes(const Dst& dst, const Lhs& lhs, const Rhs& rhs) {
  require<ShapeError>(dst.rows() == lhs.rows() && dst.cols() == rhs.cols(),
                      "product: expected a result of ", shape(lhs.rows(), rhs.cols()), ", found ",
                      shape(dst.rows(), dst.cols()));
  require_shapes(lhs, rhs);
}

/// Hands out a matrix that is there already as a product would, in tiles of so many rows.
template <Index height>
void hand_out(auto&& matrix, const auto& epilogue) {
  const Range cols{0, matrix.cols()};
  for (Index first = 0; first < matrix.rows(); first += height) {
    const Range rows{first, std::min(height, matrix.rows() - first)};
    if (rows.size == height) {
      epilogue(matrix.template middleRows<height>(first), rows, cols);
    } else {
      epilogue(matrix.middleRows(first, rows.size), rows, cols);
    }
  }
}

}  // namespace ae::detail

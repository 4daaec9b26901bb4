#pragma once

#include <type_traits>

#include "ae/core/error.hpp"

/// What every way of computing a product shares.
namespace ae {

/// Leaves a finished tile as it is.
struct NoEpilogue {
  void operator()(const auto&, Range, Range) const {}
};

namespace linalg {

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

/// Copies a tile to its place, column by column: a height that is known at compile time needs no
/// scalar head or tail, wherever the column begins.
template <class Tile, class Dst>
void store(const Tile& tile, Dst& dst, Range rows, Range cols) {
  using Column = Eigen::Matrix<typename Tile::Scalar, Tile::RowsAtCompileTime, 1>;
  for (Index j = 0; j < cols.size; ++j) {
    Eigen::Map<Column>(&dst.coeffRef(rows.first, cols.first + j), rows.size) = tile.col(j);
  }
}

}  // namespace linalg

}  // namespace ae

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

/// The rows of one column of a matrix, as a vector of type `Column`.
template <class Column, class Dense>
auto column_of(Dense& matrix, Range rows, Index col) {
  auto* first = &matrix.coeffRef(rows.first, col);
  using Target = std::conditional_t<std::is_const_v<std::remove_pointer_t<decltype(first)>>,
                                    const Column, Column>;
  return Eigen::Map<Target>(first, rows.size);
}

/// Calls f with a column's number, that column of a tile, and the same place in matrices of the
/// whole result's shape, for one column after the other. Where the tile's height is known at
/// compile time so is the columns': expressions on them then need no scalar head or tail, wherever
/// they begin.
template <class Tile, class F, class... Matrices>
void for_each_column(Tile&& tile, Range rows, Range cols, F&& f, Matrices&... matrices) {
  using Plain = std::decay_t<Tile>;
  using Column = Eigen::Matrix<typename Plain::Scalar, Plain::RowsAtCompileTime, 1>;
  for (Index j = 0; j < cols.size; ++j) {
    const Index col = cols.first + j;
    f(col, tile.col(j), column_of<Column>(matrices, rows, col)...);
  }
}

/// Copies a tile to its place.
template <class Tile, class Dst>
void store(const Tile& tile, Dst& dst, Range rows, Range cols) {
  for_each_column(
      tile, rows, cols, [](Index, const auto& from, auto to) { to = from; }, dst);
}

}  // namespace linalg

}  // namespace ae

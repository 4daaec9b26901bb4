#pragma once

#include "ae/core/error.hpp"
#include "ae/core/types.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace ae {

/// Leaves a finished tile as it is.
struct NoEpilogue {
  void operator()(const auto&, Range, Range) const {}
};

/// The one room that knows how a product is computed.
class Product {
 public:
  /// dst = lhs * rhs, of shapes (m x n) = (m x k) * (k x n); then `epilogue(tile, rows, cols)` once
  /// for every finished tile of dst. Throws ShapeError.
  template <class Dst, class Lhs, class Rhs, class Epilogue = NoEpilogue>
  void operator()(Dst&& dst, const Lhs& lhs, const Rhs& rhs, Epilogue&& epilogue = {}) {
    require<ShapeError>(dst.rows() == lhs.rows() && dst.cols() == rhs.cols(),
                        "product: expected a result of ", shape(lhs.rows(), rhs.cols()), ", found ",
                        shape(dst.rows(), dst.cols()));
    over_grid(lhs, rhs, [&](Range rows, Range cols) {
      auto tile = dst.block(rows.first, cols.first, rows.size, cols.size);
      multiply(tile, lhs, rhs, rows, cols);
      epilogue(tile, rows, cols);
    });
  }

  /// The same for a result that is never stored: the tiles are all there is of it.
  template <class Lhs, class Rhs, class Epilogue>
  void tiles(const Lhs& lhs, const Rhs& rhs, Epilogue&& epilogue) {
    using Tile = Eigen::Matrix<typename Lhs::Scalar, Eigen::Dynamic, Eigen::Dynamic, 0, side, side>;
    over_grid(lhs, rhs, [&](Range rows, Range cols) {
      Tile tile(rows.size, cols.size);
      multiply(tile, lhs, rhs, rows, cols);
      epilogue(tile, rows, cols);
    });
  }

 private:
  static constexpr Index side = 64;

  template <class Tile, class Lhs, class Rhs>
  static void multiply(Tile& tile, const Lhs& lhs, const Rhs& rhs, Range rows, Range cols) {
    tile.noalias() = lhs.middleRows(rows.first, rows.size) * rhs.middleCols(cols.first, cols.size);
  }

  template <class Lhs, class Rhs, class Visit>
  static void over_grid(const Lhs& lhs, const Rhs& rhs, Visit&& visit) {
    require<ShapeError>(lhs.cols() == rhs.rows(), "product: cannot multiply ",
                        shape(lhs.rows(), lhs.cols()), " by ", shape(rhs.rows(), rhs.cols()));
    for (Index col = 0; col < rhs.cols(); col += side) {
      for (Index row = 0; row < lhs.rows(); row += side) {
        visit(Range{row, std::min(side, lhs.rows() - row)},
              Range{col, std::min(side, rhs.cols() - col)});
      }
    }
  }
};

}  // namespace ae

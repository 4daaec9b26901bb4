#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <concepts>

#include "ae/detail/linalg/product_shapes.hpp"
#include "ae/linalg/epilogue.hpp"
#include "ae/linalg/precision.hpp"
#include "ae/linalg/rounded_operand.hpp"

namespace ae::inline AE_ABI::detail {

/// The product as Eigen's coefficient-wise expression, tile by tile on one thread: slow, and
/// plainly right. It is what `PackedProduct` is tested against.
template <class Scalar>
class PlainProduct {
  using Epilogue = linalg::EpilogueRef<Scalar>;

 public:
  /// Every tile begins at a multiple of so many rows.
  static constexpr Index tile_rows = 64;

  /// Of the operands of the products that follow, where they are floats, whatever their shapes.
  void set_precision(Precision precision) { precision_ = precision; }

  /// dst = lhs * rhs, each tile after `epilogue(tile, rows, cols)` saw it. Throws ShapeError.
  template <class Dst, class Lhs, class Rhs>
  void operator()(Dst&& dst, const Lhs& lhs, const Rhs& rhs, const Epilogue& epilogue = {}) {
    require_shapes(dst, lhs, rhs);
    tiles(lhs, rhs, linalg::chain(epilogue, linalg::store_to(dst)));
  }

  /// The same for floats that were rounded to bfloat16 before.
  template <class Dst>
  void operator()(Dst&& dst, const linalg::RoundedLeft& lhs, const linalg::RoundedRight& rhs,
                  const Epilogue& epilogue = {}) requires std::same_as<Scalar, float> {
    (*this)(dst, lhs.matrix(), rhs.matrix(), epilogue);
  }

  /// The same for a result that is never stored.
  template <class Lhs, class Rhs>
  void tiles(const Lhs& lhs, const Rhs& rhs, const Epilogue& epilogue) {
    require_shapes(lhs, rhs);
    using Tile = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, 0, tile_rows, tile_rows>;
    for (Index col = 0; col < rhs.cols(); col += tile_rows) {
      for (Index row = 0; row < lhs.rows(); row += tile_rows) {
        const Range rows{row, std::min(tile_rows, lhs.rows() - row)};
        const Range cols{col, std::min(tile_rows, rhs.cols() - col)};
        Tile tile(rows.size, cols.size);
        multiply(tile, lhs.middleRows(rows.first, rows.size),
                 rhs.middleCols(cols.first, cols.size));
        epilogue(linalg::view(tile), rows, cols);
      }
    }
  }

 private:
  void multiply(auto& tile, const auto& lhs, const auto& rhs) const {
    const auto rounded = [](Scalar value) {
      return static_cast<Scalar>(static_cast<Eigen::bfloat16>(value));
    };
    if (precision_ == Precision::full || !std::is_same_v<Scalar, float>) {
      tile = lhs.lazyProduct(rhs);
    } else {
      tile = Matrix<Scalar>(lhs.unaryExpr(rounded))
                 .lazyProduct(Matrix<Scalar>(rhs.unaryExpr(rounded)));
    }
  }

  Precision precision_ = Precision::full;
};

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI::detail {

/// Throws ShapeError unless a left and a right operand can be multiplied.
template <class Lhs, class Rhs>
void require_shapes(const Lhs& lhs, const Rhs& rhs) {
  require<ShapeError>(lhs.cols() == rhs.rows(), "product: cannot multiply ",
                      shape(lhs.rows(), lhs.cols()), " by ", shape(rhs.rows(), rhs.cols()));
}

/// The same, unless the result has their shape.
template <class Dst, class Lhs, class Rhs>
void require_shapes(const Dst& dst, const Lhs& lhs, const Rhs& rhs) {
  require<ShapeError>(dst.rows() == lhs.rows() && dst.cols() == rhs.cols(),
                      "product: expected a result of ", shape(lhs.rows(), rhs.cols()), ", found ",
                      shape(dst.rows(), dst.cols()));
  require_shapes(lhs, rhs);
}

}  // namespace ae::inline AE_ABI::detail

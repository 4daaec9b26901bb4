#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI::detail {

/// A matrix operand as the kernels see it: element (i, j) at data[i * row_stride + j * col_stride].
template <class Scalar>
struct Operand {
  const Scalar* data;
  Index row_stride;
  Index col_stride;

  template <class Derived>
  static Operand of(const Eigen::DenseBase<Derived>& matrix) {
    static_assert((Derived::Flags & Eigen::DirectAccessBit) != 0,
                  "an operand of a product is a matrix, a block, a map or a transpose of these");
    const Derived& m = matrix.derived();
    if constexpr (Derived::IsRowMajor) {
      return {m.data(), m.outerStride(), m.innerStride()};
    } else {
      return {m.data(), m.innerStride(), m.outerStride()};
    }
  }

  const Scalar* at(Index row, Index col) const {
    return data + row * row_stride + col * col_stride;
  }
};

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/linalg/blocking.hpp"

/// Copies of so few numbers that a loop over what is no whole packet would take most of the time.
namespace ae::inline AE_ABI::detail {

/// Copies 1 to 2 * `most` numbers, `most` a power of 2: the first and the last ones as two runs of
/// the same size, which is known at compile time. They may overlap; `from` and `to` may not.
template <Index most, class Scalar>
EIGEN_ALWAYS_INLINE void copy_few(const Scalar* from, Index count, Scalar* to) {
  if constexpr (most > 1) {
    if (count < most) return copy_few<most / 2>(from, count, to);
  }
  std::copy_n(from, most, to);
  std::copy_n(from + count - most, most, to + count - most);
}

/// Copies any number of them, packet by packet.
template <class Scalar>
EIGEN_ALWAYS_INLINE void copy_packets(const Scalar* from, Index count, Scalar* to) {
  constexpr Index width = Blocking<Scalar>::width;
  const Index whole = count - count % width;
  for (Index i = 0; i < whole; i += width) std::copy_n(from + i, width, to + i);
  if (whole < count) copy_few<width>(from + whole, count - whole, to + whole);
}

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/linalg/blocking.hpp"
#include "ae/detail/linalg/copy.hpp"
#include "ae/detail/linalg/operand.hpp"
#include "ae/detail/linalg/unroll.hpp"

namespace ae::inline AE_ABI::detail {

/// Writes `rows` rows of the operand, from `first` on, as a panel: for each k the rows one behind
/// the other, filled up to `height`, a whole number of packets.
template <class Scalar>
void pack_element_by_element(const Operand<Scalar>& a, Index first, Index rows, Range depth,
                             Index height, Scalar* panel) {
  for (Index k = depth.first; k < depth.first + depth.size; ++k) {
    Scalar* to = panel + k * height;
    for (Index i = 0; i < rows; ++i) to[i] = *a.at(first + i, k);
    std::fill(to + rows, to + height, Scalar{0});
  }
}

/// The same where the rows of a column lie side by side.
template <class Scalar>
void pack_columns(const Operand<Scalar>& a, Index first, Index rows, Index depth, Index height,
                  Scalar* panel) {
  using namespace Eigen::internal;
  constexpr Index width = Blocking<Scalar>::width;
  constexpr Index ahead = 8;  // columns lie too far apart for the processor to foresee the next
  const Index whole = rows - rows % width;
  const Scalar* from = a.at(first, 0);
  for (Index k = 0; k < depth; ++k, from += a.col_stride, panel += height) {
    for (Index i = 0; i < whole; i += width) {
      prefetch(from + ahead * a.col_stride + i);
      pstore(panel + i, ploadu<typename Blocking<Scalar>::Packet>(from + i));
    }
    if (whole < rows) {
      prefetch(from + ahead * a.col_stride + rows - 1);
      load_partial(from + whole, rows - whole, panel + whole);
    }
  }
}

AE_PACKETS_BEGIN

/// The same where the elements of a row lie side by side: squares of packets are transposed in
/// registers, a few rows along the whole depth. All rows by turns are more than the processor can
/// foresee, and where they are whole pages apart, too many for the same sets of the L1 cache.
template <class Scalar>
void pack_rows(const Operand<Scalar>& a, Index first, Index rows, Index depth, Index height,
               Scalar* panel) {
  using namespace Eigen::internal;
  using Packet = typename Blocking<Scalar>::Packet;
  constexpr Index width = Blocking<Scalar>::width;
  constexpr Index ahead = 4 * width;
  const Index whole = depth - depth % width, last = first + rows - 1;
  for (Index i = 0; i < height; i += width) {
    for (Index k = 0; k < whole; k += width) {
      PacketBlock<Packet, width> block;
      unroll<width>([&](auto r) {
        const Scalar* from = a.at(std::min(first + i + r, last), k);  // past the end: not stored
        prefetch(from + ahead);
        block.packet[r] = ploadu<Packet>(from);
      });
      ptranspose(block);
      unroll<width>([&](auto c) { pstore(panel + (k + c) * height + i, block.packet[c]); });
    }
  }
  pack_element_by_element(a, first, rows, {whole, depth - whole}, height, panel);
}

AE_PACKETS_END

/// Packs rows of the left operand for the micro-kernel, as panels of MR rows one behind the other,
/// the last filled up to whole packets with what will be ignored.
template <class Scalar>
void pack(const Operand<Scalar>& a, Range rows, Index depth, Scalar* panels) {
  using B = Blocking<Scalar>;
  for (Index i = 0; i < rows.size; i += B::MR, panels += B::MR * depth) {
    const Index first = rows.first + i, count = std::min(B::MR, rows.size - i);
    const Index height = whole_packets<Scalar>(count);
    if (a.row_stride == 1) {
      pack_columns(a, first, count, depth, height, panels);
    } else if (a.col_stride == 1) {
      pack_rows(a, first, count, depth, height, panels);
    } else {
      pack_element_by_element(a, first, count, {0, depth}, height, panels);
    }
  }
}

}  // namespace ae::inline AE_ABI::detail

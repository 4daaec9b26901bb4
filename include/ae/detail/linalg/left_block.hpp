#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/linalg/kernel.hpp"
#include "ae/detail/linalg/pack.hpp"

namespace ae::inline AE_ABI::detail {

/// A block of rows of the left operand as micro-kernels read it, in panels of MR rows: where they
/// lie, or packed in a buffer. Where the rows of a column lie side by side, the micro-kernel that
/// first multiplies a panel packs it: to store what it has just read costs little beside the
/// arithmetic. All else is packed beforehand.
template <class Scalar>
class LeftBlock {
  using B = Blocking<Scalar>;

 public:
  /// Rows of a block that fits the L2 cache.
  static Index height(Index depth) {
    constexpr Index size = 96 * 1024;  // elements: 384 KiB of float
    return std::max<Index>(1, size / (B::MR * depth + 1)) * B::MR;
  }

  /// `buffer` has room for (height x depth); `once` says that every panel is multiplied only once.
  LeftBlock(const Operand<Scalar>& lhs, Index depth, bool once, Scalar* buffer)
      : lhs_(lhs),
        depth_(depth),
        in_place_(lhs.row_stride == 1 && (once || lies_well())),
        buffer_(buffer) {}

  /// Called before each pass over all panels: makes it these rows, if it is not already; whole
  /// panels, and perhaps a part of one.
  void hold(Range rows) {
    fresh_ = rows.first != rows_.first;
    if (!fresh_) return;
    rows_ = rows;
    const Index later = lhs_.row_stride == 1 ? rows.size - rows.size % B::MR : 0;
    pack(lhs_, {rows.first + later, rows.size - later}, depth_, buffer_ + later * depth_);
  }

  Range rows() const { return rows_; }

  /// The panel of `count` rows, at most MR, that begins at row i of the block.
  RowPanel<Scalar> panel(Index i, Index count) const {
    Scalar* const packed = buffer_ + i * depth_;
    const RowPanel<Scalar> there{lhs_.at(rows_.first + i, 0), lhs_.col_stride};
    const bool whole = count == B::MR;
    if (whole && in_place_) return there;
    if (whole && fresh_ && lhs_.row_stride == 1) return {there.first, there.stride, packed};
    return {packed, whole_packets<Scalar>(count)};
  }

 private:
  /// All on few pages of memory, and not all in the same few sets of the L1 cache.
  bool lies_well() const {
    const Index bytes = lhs_.col_stride * static_cast<Index>(sizeof(Scalar));
    return bytes * depth_ <= 256 * 1024 && bytes % 1024 != 0;
  }

  Operand<Scalar> lhs_;
  Index depth_;
  bool in_place_;
  Scalar* buffer_;
  Range rows_{-1, 0};
  bool fresh_ = false;  // in the first pass, in which micro-kernels pack what they read
};

}  // namespace ae::inline AE_ABI::detail

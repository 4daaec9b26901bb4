#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/core/types.hpp"
#include "ae/detail/core/ceil_div.hpp"

namespace ae::inline AE_ABI::detail {

/// The rows of a weight in units of some height, and these in blocks of at most `most`, an even
/// number of blocks where there are enough, so that two threads have as much to do.
class RowBlocks {
 public:
  RowBlocks(Index rows, Index height, Index most)
      : rows_(rows), height_(height), units_(ceil_div(rows, height)) {
    const Index even = ceil_div(ceil_div(units_, most), Index{2}) * 2;
    blocks_ = std::min(units_, even);
  }

  Index rows() const { return rows_; }
  Index units() const { return units_; }
  Index padded_rows() const { return units_ * height_; }

  /// f(first unit, units) for each block of share `part` of `parts`.
  template <class F>
  void for_each(Index part, Index parts, const F& f) const {
    const Index end = blocks_ * (part + 1) / parts;
    for (Index block = blocks_ * part / parts; block < end; ++block) {
      const Index first = units_ * block / blocks_;
      f(first, units_ * (block + 1) / blocks_ - first);
    }
  }

  /// Those that there are of some units.
  Range rows_of(Index first, Index units) const {
    return {first * height_, std::min(units * height_, rows_ - first * height_)};
  }

 private:
  Index rows_, height_, units_, blocks_ = 0;
};

}  // namespace ae::inline AE_ABI::detail

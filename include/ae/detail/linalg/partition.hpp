#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/core/ceil_div.hpp"
#include "ae/detail/core/compiler.hpp"

namespace ae::inline AE_ABI::detail {

/// Divides a result of (rows x cols) between threads in tiles of (height x width), numbered panel
/// by panel of `height` rows, with `packet` rows as the measure of work. Two threads go at a run of
/// tiles from both of its ends until they meet: where processors are shared, one of them is often
/// disturbed, and the other would wait for it.
class Partition {
 public:
  Partition(Index rows, Index cols, Index height, Index width, Index packet)
      : rows_(rows), cols_(cols), height_(height), width_(width), packet_(packet) {}

  /// Calls f(rows, cols) for the tiles of thread `part` of `parts`. Threads 2 i and 2 i + 1 share
  /// `taken`, which is zero before they begin; the last of an odd number is alone.
  template <class F>
  void for_each_tile(Index part, Index parts, Index& taken, F&& f) const {
    const Index front = part / 2 * 2, back = std::min(front + 2, parts);
    const Index first = begin(front, parts), end = begin(back, parts), run = end - first;
    const Index own = back - front == 1 ? run : run * 3 / 8;  // tiles that need no asking
    for (Index i = 0; i < own || take_one(taken) < run - 2 * own; ++i) {
      call(f, part == front ? first + i : end - 1 - i);
    }
  }

 private:
  /// The tile at which `part` of `parts` begins, where all have the same number of packets.
  Index begin(Index part, Index parts) const {
    const Index columns = ceil_div(cols_, width_), packets = ceil_div(rows_, packet_);
    const Index full = height_ / packet_, whole_panels = packets / full * columns;
    const Index before = packets * columns * part / parts;
    if (before <= whole_panels * full) return before / full;
    return whole_panels + (before - whole_panels * full) / (packets % full);
  }

  template <class F>
  void call(F&& f, Index tile) const {
    const Index columns = ceil_div(cols_, width_);
    const Index row = tile / columns * height_, col = tile % columns * width_;
    f(Range{row, std::min(height_, rows_ - row)}, Range{col, std::min(width_, cols_ - col)});
  }

  Index rows_, cols_, height_, width_, packet_;
};

}  // namespace ae::inline AE_ABI::detail

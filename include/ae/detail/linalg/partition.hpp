#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <span>

#include "ae/detail/core/ceil_div.hpp"
#include "ae/detail/core/compiler.hpp"

namespace ae::inline AE_ABI::detail {

/// How many pieces of a run were taken: in all, from its front and from its back. 128-byte
/// alignment, two lines that processors fetch at once, avoids false sharing.
struct alignas(128) TakenPieces {
  Index all = 0, front = 0, back = 0;
};

/// Divides a result of (rows x cols) between threads in tiles of (height x width), numbered panel
/// by panel of `height` rows, with `packet` rows as the measure of work. Two threads go at a run of
/// tiles from both of its ends until they meet, and then help with the runs of others: where
/// processors are shared, a thread is often disturbed, or does not come at all, and nobody waits
/// for it.
class Partition {
 public:
  Partition(Index rows, Index cols, Index height, Index width, Index packet)
      : rows_(rows), cols_(cols), height_(height), width_(width), packet_(packet) {}

  /// The runs of so many threads.
  static Index runs(Index parts) { return ceil_div(parts, 2); }

  /// Calls f(rows, cols) for the tiles that thread `part` of `parts` takes; `taken` has an element
  /// for each run, which is zero before the first thread begins.
  template <class F>
  void for_each_tile(Index part, Index parts, std::span<TakenPieces> taken, F&& f) const {
    const Index count = runs(parts);
    if (parts == 1) {
      for (Index i = 0; i < begin(1, 1); ++i) call(f, i);
      return;
    }
    for (Index i = 0; i < count; ++i) {
      const Index run = (part / 2 + i) % count;
      take_pieces(run, parts, part % 2 == 0, taken[static_cast<std::size_t>(run)], f);
    }
  }

 private:
  static constexpr Index pieces = 16;  // of a run

  template <class F>
  void take_pieces(Index run, Index parts, bool from_front, TakenPieces& taken, F&& f) const {
    const Index first = begin(2 * run, parts);
    const Index tiles = begin(std::min(2 * run + 2, parts), parts) - first;
    while (fetch_add_one(taken.all) < pieces) {
      const Index piece =
          from_front ? fetch_add_one(taken.front) : pieces - 1 - fetch_add_one(taken.back);
      const Index from = piece_begin(piece, tiles), to = piece_begin(piece + 1, tiles);
      for (Index i = 0; i < to - from; ++i) call(f, first + (from_front ? from + i : to - 1 - i));
    }
  }

  /// Pieces are smaller the nearer they are to the middle, where threads meet: a run takes few
  /// questions, and both threads are done at nearly the same time.
  static Index piece_begin(Index piece, Index tiles) {
    constexpr Index half = pieces / 2;
    if (piece > half) return tiles - piece_begin(pieces - piece, tiles);
    return tiles * (half * half - (half - piece) * (half - piece)) / (2 * half * half);
  }

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

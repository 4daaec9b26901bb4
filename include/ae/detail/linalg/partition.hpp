#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <span>

#include "ae/detail/core/ceil_div.hpp"
#include "ae/detail/core/compiler.hpp"

namespace ae::inline AE_ABI::detail {

/// How far the threads of a run have come. `front` and `back` count the pieces taken from either
/// end; `attempts` is counted first: a thread that finds it below `pieces` may take one. Alignment
/// to 128 bytes, two lines that processors fetch at once, avoids false sharing.
struct alignas(128) TakenPieces {
  Index attempts = 0, front = 0, back = 0;
};

/// Divides a result of (rows x cols) between threads. Its tiles of (height x width) are numbered
/// panel by panel, a panel being `height` rows; the work of a tile is its rows in packets.
///
/// The tiles are cut into runs, one for two threads. These take pieces of it, one thread from the
/// front and one from the back, until they meet; then they help with other runs. So nobody waits
/// for a thread that other programs disturb, or that does not come at all.
class Partition {
 public:
  Partition(Index rows, Index cols, Index height, Index width, Index packet)
      : rows_(rows), cols_(cols), height_(height), width_(width), packet_(packet) {}

  /// How many runs there are for so many threads.
  static Index run_count(Index threads) { return ceil_div(threads, 2); }

  /// Calls f(rows, cols) for the tiles that `thread` of `threads` takes; `taken` has an element
  /// for each run, which is zero before the first thread begins.
  template <class F>
  void for_each_tile(Index thread, Index threads, std::span<TakenPieces> taken, F&& f) const {
    const Index count = run_count(threads);
    if (threads == 1) {
      for (Index i = 0; i < begin(1, 1); ++i) call(f, i);
      return;
    }
    for (Index i = 0; i < count; ++i) {
      const Index run = (thread / 2 + i) % count;
      take_pieces(run, threads, thread % 2 == 0, taken[static_cast<std::size_t>(run)], f);
    }
  }

 private:
  static constexpr Index pieces = 16;  // of a run

  template <class F>
  void take_pieces(Index run, Index threads, bool from_front, TakenPieces& taken, F&& f) const {
    const Index first = begin(2 * run, threads);
    const Index tiles = begin(std::min(2 * run + 2, threads), threads) - first;
    while (fetch_add_one(taken.attempts) < pieces) {
      const Index piece =
          from_front ? fetch_add_one(taken.front) : pieces - 1 - fetch_add_one(taken.back);
      const Index from = piece_begin(piece, tiles), to = piece_begin(piece + 1, tiles);
      for (Index i = 0; i < to - from; ++i) call(f, first + (from_front ? from + i : to - 1 - i));
    }
  }

  /// The first and last pieces are large and those in the middle, where the threads meet, small: so
  /// a run takes few atomic counts, and both threads end at nearly the same time.
  static Index piece_begin(Index piece, Index tiles) {
    constexpr Index half = pieces / 2;
    if (piece > half) return tiles - piece_begin(pieces - piece, tiles);
    return tiles * (half * half - (half - piece) * (half - piece)) / (2 * half * half);
  }

  /// The number of the first tile of `thread`, if all get equally many packets. begin(1, 1) is the
  /// number of tiles.
  Index begin(Index thread, Index threads) const {
    const Index columns = ceil_div(cols_, width_), packets = ceil_div(rows_, packet_);
    const Index full = height_ / packet_;               // packets of a full tile
    const Index full_tiles = packets / full * columns;  // the tiles before the last, lower panel
    const Index before = packets * columns * thread / threads;
    if (before <= full_tiles * full) return before / full;
    return full_tiles + (before - full_tiles * full) / (packets % full);
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

#pragma once

#include <algorithm>

#include "ae/core/types.hpp"

namespace ae::linalg {

/// Divides a result of (rows x cols) between threads, never through a tile of (height x width),
/// with `packet` rows as the measure of work. The longer side is divided. Rows are divided so that
/// two threads may share a panel of `height` rows, one its first columns and one the others.
class Partition {
 public:
  Partition(Index rows, Index cols, Index height, Index width, Index packet)
      : rows_(rows), cols_(cols), height_(height), width_(width), packet_(packet) {}

  /// Calls f(rows, cols) for every rectangle of share `part` of `parts`; each begins at a tile.
  template <class F>
  void for_each_rectangle(Index part, Index parts, F&& f) const {
    const Index columns = ceil(cols_, width_);
    if (cols_ > rows_) {
      call(f, {0, ceil(rows_, height_)}, columns * part / parts, columns * (part + 1) / parts);
      return;
    }
    const Place begin = place(part, parts), end = place(part + 1, parts);
    if (begin.row == end.row) {
      call(f, {begin.row, 1}, begin.column, end.column);
      return;
    }
    call(f, {begin.row, 1}, begin.column, columns);
    call(f, {begin.row + 1, end.row - begin.row - 1}, 0, columns);
    call(f, {end.row, 1}, 0, end.column);
  }

 private:
  struct Place {
    Index row, column;  // counted in tiles
  };

  static Index ceil(Index size, Index step) { return (size + step - 1) / step; }

  /// Where a share begins if the panels of rows are gone through one after the other.
  Place place(Index part, Index parts) const {
    const Index columns = ceil(cols_, width_), packets = ceil(rows_, packet_);
    const Index full = height_ / packet_;
    const Index begin = packets * columns * part / parts;
    const Index row = begin / (full * columns);
    const Index packets_here = std::min(full, packets - row * full);
    return {row, packets_here > 0 ? (begin - row * full * columns) / packets_here : 0};
  }

  /// From ranges counted in tiles to ranges of the matrix, cut off at its end.
  template <class F>
  void call(F&& f, Range row_tiles, Index first_column, Index end_column) const {
    const Range rows = scaled(row_tiles, height_, rows_);
    const Range cols = scaled({first_column, end_column - first_column}, width_, cols_);
    if (rows.size > 0 && cols.size > 0) f(rows, cols);
  }

  static Range scaled(Range tiles, Index size, Index end) {
    const Index first = std::min(tiles.first * size, end);
    return {first, std::min(tiles.size * size, end - first)};
  }

  Index rows_, cols_, height_, width_, packet_;
};

}  // namespace ae::linalg

#pragma once

#include "ae/detail/core/abi.hpp"

#include <vector>

#include "ae/detail/core/ceil_div.hpp"
#include "ae/detail/training/peers.hpp"

namespace ae::inline AE_ABI::detail::mpi {

/// The gradients in pieces, the last of them first, as backprop stores them: a piece is sent as
/// soon as all of it is there. All pieces are cut into as many parts as there are processes, each
/// of which sums, or updates, its part.
class Buckets {
 public:
  /// Of so many entries, and for so many processes. A part of a piece begins at a cache line.
  Buckets(Index entries, Index most, Index ranks) : entries_(entries), ranks_(ranks) {
    const Index size = ceil_div(std::max<Index>(most, 1), line) * line;
    for (Index end = entries; end > 0; end -= std::min(size, end)) {
      pieces_.push_back({end - std::min(size, end), std::min(size, end)});
    }
  }

  Index entries() const { return entries_; }
  Index count() const { return static_cast<Index>(pieces_.size()); }
  Range operator[](Index i) const { return pieces_[static_cast<std::size_t>(i)]; }

  /// The part of piece i that falls to a process; may be empty.
  Range part(Index i, Index rank) const {
    const Range piece = (*this)[i];
    const Index begin = at(piece, rank);
    return {piece.first + begin, at(piece, rank + 1) - begin};
  }

 private:
  static constexpr Index line = 16;

  Index at(Range piece, Index rank) const {
    return std::min(piece.size, ceil_div(piece.size * rank, ranks_ * line) * line);
  }

  Index entries_, ranks_;
  std::vector<Range> pieces_;
};

/// Sizes and places of the parts of a piece, from its beginning on, as MPI takes them.
struct Counts {
  std::vector<int> sizes, places;

  Counts(const Buckets& buckets, Index piece, Index ranks) {
    for (Index rank = 0; rank < ranks; ++rank) {
      const Range part = buckets.part(piece, rank);
      sizes.push_back(static_cast<int>(part.size));
      places.push_back(static_cast<int>(part.first - buckets[piece].first));
    }
  }
};

}  // namespace ae::inline AE_ABI::detail::mpi

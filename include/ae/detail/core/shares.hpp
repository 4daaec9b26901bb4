#pragma once

#include "ae/detail/core/abi.hpp"

#include <vector>

#include "ae/core/types.hpp"
#include "ae/detail/core/compiler.hpp"

namespace ae::inline AE_ABI::detail {

/// A computation divided into as many shares as it has threads. Each is taken once: by its own
/// thread, whose cache may hold it, if that comes in time, otherwise by another.
class Shares {
 public:
  /// Nothing is taken; to be called before the threads begin.
  void divide(Index count) { taken_.assign(static_cast<std::size_t>(count), {}); }

  /// Calls f(share) for the shares that this thread takes.
  template <class F>
  void take(Index thread, F&& f) {
    const auto count = static_cast<Index>(taken_.size());
    for (Index i = 0; i < count; ++i) {
      const Index share = (thread + i) % count;
      if (fetch_add_one(taken_[static_cast<std::size_t>(share)].times) == 0) f(share);
    }
  }

 private:
  /// 128-byte alignment, two lines that processors fetch at once, avoids false sharing.
  struct alignas(128) Taken {
    Index times = 0;
  };

  std::vector<Taken> taken_;
};

}  // namespace ae::inline AE_ABI::detail

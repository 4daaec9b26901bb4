#pragma once

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <limits>

#include "support/peak.hpp"

namespace bench {

/// Nanoseconds until a core sees a cache line that another has written, and may write it itself:
/// tens where both share their last-level cache, more where each has its own. The host of a virtual
/// machine may move its cores from one to the other, and threads that share what they write feel
/// it. Not a number where there is one core, or one thread, only.
inline double handover_ns() {
  constexpr int times = 10'000;  // a millisecond or so
  if (std::min(omp_get_num_procs(), omp_get_thread_limit()) < 2) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  alignas(64) std::atomic<int> turn = 0;
  const auto all = [&] {
#pragma omp parallel num_threads(2)
    for (int mine = omp_get_thread_num(); mine < times; mine += omp_get_num_threads()) {
      while (turn.load(std::memory_order_acquire) != mine) {
      }
      turn.store(mine + 1, std::memory_order_release);
    }
  };
  return seconds(all) / times * 1e9;
}

}  // namespace bench

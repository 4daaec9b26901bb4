#pragma once

#include "ae/detail/core/abi.hpp"

#include <chrono>

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI::detail::mpi {

/// What the steps of a fit send.
struct Traffic {
  Index steps = 0;
  double bytes = 0;    ///< that this process must send
  double seconds = 0;  ///< in MPI's functions: sending, waiting, adding up
};

/// Adds the time until the end of the scope to a sum, in seconds.
class Stopwatch {
 public:
  explicit Stopwatch(double& sum) : sum_(sum) {}
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() { sum_ += std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  double& sum_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace ae::inline AE_ABI::detail::mpi

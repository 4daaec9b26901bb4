#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI::detail {

/// Of `count` clean scores the largest number that may lie at or above a threshold, which a new
/// normal sample then exceeds with a chance of at most `rate`: k with k / (count + 1) <= rate.
inline Index alarms_allowed(double rate, Index count) {
  const double most = rate * static_cast<double>(count + 1);
  return static_cast<Index>(std::floor(most * (1 + 1e-12)));  // 0.29 * 100 is below 29
}

}  // namespace ae::inline AE_ABI::detail

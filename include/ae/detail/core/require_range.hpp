#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/detail/core/require.hpp"

/// Ranges that many parts ask of their numbers. `who` asks, and `what` names the number with its
/// article, as in "a lambda".
namespace ae::inline AE_ABI::detail {

/// Throws OptionError unless the value is at least 0 and finite.
inline void require_at_least_zero(double value, std::string_view who, std::string_view what) {
  require<OptionError>(value >= 0 && std::isfinite(value), who, ": expected ", what,
                       " of at least 0, found ", value);
}

/// Throws OptionError unless the value is above 0 and finite.
inline void require_above_zero(double value, std::string_view who, std::string_view what) {
  require<OptionError>(value > 0 && std::isfinite(value), who, ": expected ", what,
                       " above 0, found ", value);
}

}  // namespace ae::inline AE_ABI::detail

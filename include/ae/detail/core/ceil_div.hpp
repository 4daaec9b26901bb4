#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI::detail {

/// How many parts of a size cover a whole of at least 0: the quotient, rounded up.
constexpr Index ceil_div(Index whole, Index part) {
  return (whole + part - 1) / part;
}

}  // namespace ae::inline AE_ABI::detail

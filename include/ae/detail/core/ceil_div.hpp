#pragma once

#include "ae/core/types.hpp"

namespace ae::detail {

/// size / step, rounded up; both at least 0, the step above 0.
constexpr Index ceil_div(Index size, Index step) {
  return (size + step - 1) / step;
}

}  // namespace ae::detail

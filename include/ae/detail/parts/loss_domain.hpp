#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/detail/core/require.hpp"
#include "ae/parts/loss.hpp"

/// What a loss says of the outputs and targets that it takes; one that says nothing takes all.
namespace ae::inline AE_ABI::detail {

template <class L>
Link link_of(const L& loss) {
  if constexpr (requires { loss.link(); }) {
    return loss.link();
  } else {
    return Link::identity;
  }
}

template <class L>
TargetRange targets_of(const L& loss) {
  if constexpr (requires { loss.targets(); }) {
    return loss.targets();
  } else {
    return {};
  }
}

/// Throws DataError for a target (features x samples, in the units of the network) outside the
/// range by more than rounding; `number(j)` is the number of the sample in column j. NaN passes.
template <class Targets, class Number>
void require_targets(const Targets& targets, const TargetRange& range, const char* who,
                     const Number& number) {
  constexpr double rounding = 1e-6;
  if (std::isinf(range.lowest) && std::isinf(range.highest)) return;
  for (Index j = 0; j < targets.cols(); ++j) {
    for (Index i = 0; i < targets.rows(); ++i) {
      const auto value = static_cast<double>(targets(i, j));
      if (!(value < range.lowest - rounding) && !(value > range.highest + rounding)) continue;
      fail<DataError>(
          {who, ": expected values from ", range.lowest, " to ", range.highest,
           " as the network sees them, after the scaler, since the loss takes no others",
           ", found ", value, " in sample ", number(j), ", feature ", i});
    }
  }
}

}  // namespace ae::inline AE_ABI::detail

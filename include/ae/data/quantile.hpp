#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI {

namespace detail {

/// Throws DataError for a NaN, with its place.
template <class Values>
void require_no_nan(const Values& values, const char* who) {
  Index at = 0;
  for (const double value : values) {
    require<DataError>(!std::isnan(value), who, ": expected numbers, found nan as value ", at++);
  }
}

}  // namespace detail

/// The value that a share `level` of the values (a vector of any kind) does not exceed, linear
/// between neighbours. Hyndman and Fan, "Sample quantiles in statistical packages", The American
/// Statistician 50, 1996, definition 7. Throws OptionError for a level outside [0, 1], or no
/// values, and DataError for one that is NaN.
/// ~~~{.cpp}
/// const double threshold = ae::quantile(scores, 0.99);
/// ~~~
template <class Values = std::vector<double>>
double quantile(const Values& values, double level) {
  detail::require<OptionError>(level >= 0 && level <= 1,
                               "quantile: expected a level from 0 to 1, found ", level);
  std::vector<double> parted(static_cast<std::size_t>(values.size()));
  std::copy(values.begin(), values.end(), parted.begin());
  detail::require<OptionError>(!parted.empty(),
                               "quantile: expected at least one value, found none");
  detail::require_no_nan(parted, "quantile");
  const double at = level * static_cast<double>(parted.size() - 1);
  const auto below = parted.begin() + static_cast<std::ptrdiff_t>(at);
  std::nth_element(parted.begin(), below, parted.end());
  if (below + 1 == parted.end()) return *below;
  const double next = *std::min_element(below + 1, parted.end());
  return *below + (at - std::floor(at)) * (next - *below);
}

}  // namespace ae::inline AE_ABI

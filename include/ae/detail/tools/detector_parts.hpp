#pragma once

#include "ae/detail/core/abi.hpp"

#include <vector>

#include "ae/core/error.hpp"
#include "ae/detail/core/require.hpp"

/// What learning and scoring of a detector have in common.
namespace ae::inline AE_ABI::detail {

/// For each feature the sum over the features of its group.
inline Vector<double> sums_of_groups(const Vector<double>& each, const std::vector<Index>& groups) {
  Vector<double> sums = Vector<double>::Zero(each.size()), all(each.size());
  for (Index i = 0; i < each.size(); ++i) sums[groups[static_cast<std::size_t>(i)]] += each[i];
  for (Index i = 0; i < each.size(); ++i) all[i] = sums[groups[static_cast<std::size_t>(i)]];
  return all;
}

/// Throws DataError unless something is there.
inline void require_some_value(bool there, Index sample) {
  require<DataError>(there, "detector: expected samples with at least one value, found none in ",
                     "sample ", sample);
}

inline void require_share(double false_alarms) {
  require<OptionError>(false_alarms > 0 && false_alarms < 1,
                       "detector: expected a share of false alarms above 0 and below 1, found ",
                       false_alarms);
}

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <limits>

#include "ae/data/scaler.hpp"

namespace ae::inline AE_ABI::detail {

/// The mean of the squared differences between a sample and its reconstruction (both: features),
/// over the values that are there, in the units of losses; what `ae::score` says of one that it
/// does not refuse. NaN where nothing is there, or a value is NaN and not missing.
template <class Scalar>
double sample_score(const Scaler<Scalar>& scaler, const Eigen::Ref<const Vector<Scalar>>& x,
                    const Eigen::Ref<const Vector<Scalar>>& y) {
  const bool may_miss = scaler.missing() == Missing::allowed;
  double sum = 0, there = 0;
  for (Index i = 0; i < x.size(); ++i) {
    if (may_miss && std::isnan(x[i])) continue;
    const Scalar unit = scaler.is_per_feature() ? scaler.divisors()[i] : Scalar{1};
    const auto error = static_cast<double>((y[i] - x[i]) / unit);
    sum += error * error;
    ++there;
  }
  return there > 0 ? sum / there : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace ae::inline AE_ABI::detail

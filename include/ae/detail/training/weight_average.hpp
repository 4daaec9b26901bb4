#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/layers/per_parameter.hpp"

namespace ae::inline AE_ABI::detail {

/// Moves the average of the weights of `steps` steps towards those of a network, by more while
/// there are few of them; an empty one begins with them. Polyak and Juditsky, SIAM Journal on
/// Control and Optimization 30, 1992.
template <class Scalar>
void move_average(PerParameter<Scalar>& average, const TrainableNetwork<Scalar>& network,
                  double decay, Index steps) {
  if (average.empty()) average = copy_parameters(network);
  const auto count = static_cast<double>(steps);
  const double kept = std::min(decay, (1 + count) / (10 + count));
  const auto share = static_cast<Scalar>(1 - kept);
  for_each_parameter(network, [&](Index layer, Index p, const auto& parameter) {
    auto mean = average(layer, p);
    for (Index j = 0; j < mean.cols(); ++j) {
      for (Index i = 0; i < mean.rows(); ++i) {
        mean(i, j) += share * (parameter.value(i, j) - mean(i, j));
      }
    }
  });
}

}  // namespace ae::inline AE_ABI::detail

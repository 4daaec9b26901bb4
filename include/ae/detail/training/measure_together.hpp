#pragma once

#include "ae/detail/core/abi.hpp"

#include <numeric>

#include "ae/detail/data/subset.hpp"
#include "ae/detail/training/peers.hpp"

namespace ae::inline AE_ABI::detail {

/// The samples of all processes, where this one has `mine`.
template <class Scalar>
Index all_samples(Index mine, Peers<Scalar>* peers) {
  if (peers == nullptr || peers->has_whole_data()) return mine;
  double all = static_cast<double>(mine);
  peers->add_up(std::span(&all, 1));
  return static_cast<Index>(all);
}

/// The loss of samples by `measure`, each process measuring its part of them; all of them, where
/// values may be missing, since the parts then weigh otherwise.
template <class Scalar>
double measure_together(const SourceRef<Scalar>& samples,
                        FunctionRef<double(const SourceRef<Scalar>&)> measure, Peers<Scalar>* peers,
                        bool may_miss) {
  if (peers == nullptr || (peers->has_whole_data() && may_miss)) return measure(samples);
  const Range part = peers->has_whole_data()
                         ? part_of(samples.samples(), peers->rank(), peers->ranks())
                         : Range{0, samples.samples()};
  std::vector<Index> picks(static_cast<std::size_t>(part.size));
  std::iota(picks.begin(), picks.end(), part.first);
  double sums[] = {0, static_cast<double>(part.size)};  // of the losses, and how many there are
  peers->together([&] {
    const Subset<SourceRef<Scalar>> some(samples, picks);
    if (part.size > 0) sums[0] = sums[1] * measure(SourceRef<Scalar>(some));
    return false;
  });
  peers->add_up(sums);
  return sums[0] / sums[1];
}

}  // namespace ae::inline AE_ABI::detail

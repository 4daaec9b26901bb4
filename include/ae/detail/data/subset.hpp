#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>
#include <cmath>

#include "ae/data/batch_sampler.hpp"

namespace ae::inline AE_ABI::detail {

/// Some samples of a source, which must live as long.
template <Sized Data>
class Subset {
 public:
  /// The samples of these numbers, in this order.
  Subset(const Data& data, std::vector<Index> picks) : data_(&data), picks_(std::move(picks)) {}

  Index features() const { return data_->features(); }
  Index samples() const { return static_cast<Index>(picks_.size()); }

  /// The number that a sample has in the source.
  Index number(Index sample) const { return picks_[static_cast<std::size_t>(sample)]; }

  template <class Scalar>
  requires Source<Data, Scalar>
  void read(std::span<const Index> picks, MatrixRef<Scalar> x) const {
    std::array<Index, 8> numbers;
    for (std::size_t first = 0; first < picks.size(); first += numbers.size()) {
      const std::size_t count = std::min(numbers.size(), picks.size() - first);
      for (std::size_t i = 0; i < count; ++i) numbers[i] = number(picks[first + i]);
      MatrixRef<Scalar> part = x.middleCols(static_cast<Index>(first), static_cast<Index>(count));
      data_->read(std::span<const Index>(numbers.data(), count), part);
    }
  }

 private:
  const Data* data_;
  std::vector<Index> picks_;
};

/// Samples to learn from, and samples to measure with.
template <Sized Data>
struct Split {
  Subset<Data> train, validation;
};

/// Shuffles by the seed, then sets the last `share` of the samples aside, rounded. Throws
/// OptionError unless that leaves samples on both sides; a share of 0 sets none aside and shuffles
/// nothing.
template <Sized Data>
Split<Data> split(const Data& data, double share, std::uint64_t seed) {
  std::vector<Index> order(static_cast<std::size_t>(data.samples()));
  std::iota(order.begin(), order.end(), Index{0});
  if (share == 0) return {{data, std::move(order)}, {data, {}}};
  require<OptionError>(share > 0 && share < 1,
                       "validation split: expected a share from 0 to below 1, found ", share);
  const auto aside =
      static_cast<std::ptrdiff_t>(std::round(share * static_cast<double>(order.size())));
  require<OptionError>(aside > 0 && aside<data.samples(), "validation split: a share of ", share,
                                          " of ", data.samples(), " samples leaves ", aside> 0
                           ? "none to learn from"
                           : "none to measure with");
  shuffle(order, Random(seed, Purpose::split));
  return {{data, {order.begin(), order.end() - aside}}, {data, {order.end() - aside, order.end()}}};
}

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "ae/core/concepts.hpp"
#include "ae/core/random.hpp"
#include "ae/detail/core/ceil_div.hpp"
#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI {

/// How an epoch goes through the samples.
enum class Order {
  shuffled,    ///< every sample once, in a new order each epoch; the last batch may be smaller
  sequential,  ///< in file order and in whole batches only; an epoch goes on where the last one
               ///< ended, from the end of the set to its beginning
  blocks       ///< every sample once, in an order that a disk reads fast: see `BlockShuffle`
};

/// A shuffle in two levels, for sets that are larger than the memory: blocks of samples that follow
/// each other come in a new order each epoch, and the samples of so many blocks at a time, a
/// window, are shuffled. A sample meets in its batches only those of the other blocks of its
/// window, and which these are is drawn anew each epoch.
/// ~~~{.cpp}
/// model.fit(ae::npy::map("large.npy"),
///           {.order = ae::Order::blocks, .blocks = {.samples = 1024, .window = 32}});
/// ~~~
struct BlockShuffle {
  Index samples = 256;  ///< of a block
  Index window = 64;    ///< blocks that are shuffled together
};

/// Durstenfeld, "Algorithm 235: random permutation", Communications of the ACM 7, 1964.
/// ~~~{.cpp}
/// std::vector<ae::Index> picks(100);
/// std::iota(picks.begin(), picks.end(), 0);
/// ae::shuffle(picks, ae::Random(seed, ae::Purpose::shuffle));
/// ~~~
inline void shuffle(std::span<Index> numbers, const Random& random) {
  for (std::size_t i = numbers.size(); i-- > 1;) {
    std::swap(numbers[i], numbers[random.below(i, i + 1)]);
  }
}

/// The batches of an epoch as lists of sample numbers; the samples themselves stay where they are.
/// ~~~{.cpp}
/// ae::BatchSampler batches(x.cols(), 150, ae::Order::shuffled, seed);
/// batches.start(0);  // the first epoch
/// for (const ae::Index sample : batches[0]) std::cout << sample << '\n';
/// ~~~
class BatchSampler {
 public:
  /// Throws OptionError for a batch size below 1, a sequential order with batches larger than the
  /// set, or blocks or windows below 1.
  BatchSampler(Index samples, Index batch_size, Order order, std::uint64_t seed,
               BlockShuffle blocks = {})
      : samples_(samples), batch_size_(batch_size), order_(order), blocks_(blocks), seed_(seed) {
    detail::require<OptionError>(
        order != Order::blocks || (blocks.samples > 0 && blocks.window > 0),
        "expected blocks and windows of at least 1, found ", blocks.samples, " and ",
        blocks.window);
    detail::require<OptionError>(batch_size > 0, "expected a batch size of at least 1, found ",
                                 batch_size);
    detail::require<OptionError>(order != Order::sequential || batch_size <= samples,
                                 "expected a batch size of at most the ", samples,
                                 " samples for a sequential order, found ", batch_size);
    picks_.resize(static_cast<std::size_t>(
        order != Order::sequential ? samples : samples / batch_size * batch_size));
  }

  /// All samples, in an order that is not sequential, in so many batches of nearly the same size;
  /// some are empty where there are fewer samples. Throws OptionError for fewer than one batch.
  static BatchSampler spread(Index samples, Index batches, Order order, std::uint64_t seed,
                             BlockShuffle blocks = {}) {
    detail::require<OptionError>(batches > 0, "expected at least 1 batch, found ", batches);
    BatchSampler sampler(samples, 1, order, seed, blocks);
    sampler.batches_ = batches;
    return sampler;
  }

  /// Steps in an epoch.
  Index size() const { return batches_ > 0 ? batches_ : detail::ceil_div(picked(), batch_size_); }

  /// Samples in an epoch.
  Index picked() const { return static_cast<Index>(picks_.size()); }

  /// Begins epoch number `epoch`, counted from 0.
  void start(Index epoch) {
    if (order_ == Order::shuffled) {
      std::iota(picks_.begin(), picks_.end(), Index{0});
      shuffle(picks_, Random(seed_, Purpose::shuffle, static_cast<std::uint32_t>(epoch)));
    } else if (order_ == Order::blocks) {
      shuffle_blocks(static_cast<std::uint32_t>(epoch));
    } else {
      const Index first = epoch % samples_ * picked() % samples_;
      for (Index i = 0; i < picked(); ++i) at(i) = (first + i) % samples_;
    }
  }

  std::span<const Index> operator[](Index step) const {
    const Index first = begin(step);
    return std::span(picks_).subspan(static_cast<std::size_t>(first),
                                     static_cast<std::size_t>(begin(step + 1) - first));
  }

 private:
  void shuffle_blocks(std::uint32_t epoch) {
    std::vector<Index> order(static_cast<std::size_t>(detail::ceil_div(samples_, blocks_.samples)));
    std::iota(order.begin(), order.end(), Index{0});
    shuffle(order, Random(seed_, Purpose::shuffle, epoch));
    const Random within(seed_, Purpose::shuffle_window, epoch);
    std::size_t filled = 0, window = 0;  // where the window begins
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Index first = order[i] * blocks_.samples;
      const Index end = std::min(first + blocks_.samples, samples_);
      for (Index sample = first; sample < end; ++sample) picks_[filled++] = sample;
      if ((static_cast<Index>(i) + 1) % blocks_.window != 0 && i + 1 < order.size()) continue;
      shuffle(std::span(picks_).subspan(window, filled - window), within.from(window));
      window = filled;
    }
  }

  Index begin(Index step) const {
    return batches_ > 0 ? picked() * step / batches_ : std::min(step * batch_size_, picked());
  }
  Index& at(Index i) { return picks_[static_cast<std::size_t>(i)]; }

  Index samples_, batch_size_, batches_ = 0;  // so many, or as many as their size asks for
  Order order_;
  BlockShuffle blocks_;
  std::uint64_t seed_;
  std::vector<Index> picks_;
};

}  // namespace ae::inline AE_ABI

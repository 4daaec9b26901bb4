#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/batch_sampler.hpp"
#include "ae/detail/training/peers.hpp"
#include "ae/training/options.hpp"

namespace ae::inline AE_ABI::detail {

/// What one process has to read of a batch.
struct BatchPart {
  std::span<const Index> picks;
  Index first;  ///< the place of its first sample in the batch
  Index all;    ///< samples of the batch
};

/// The batches of an epoch, and which of their samples are those of this process. Where all
/// processes can read all samples, the batches are those of one process alone, and each takes a
/// piece of them; where each has samples of its own, it shuffles these, and spreads them evenly
/// over the steps, so that all take as many steps.
template <class Scalar>
class BatchParts {
 public:
  /// Of so many samples of this process. Throws OptionError as BatchSampler does, and for a
  /// sequential order where each process has samples of its own.
  BatchParts(Index samples, const FitOptions& options, Peers<Scalar>* peers)
      : peers_(peers),
        samples_(samples_of_all(samples, peers)),
        sampler_(sampler(samples, total(), options, samples_.empty())) {}

  /// Steps and samples in an epoch.
  Index size() const { return sampler_.size(); }
  Index picked() const { return samples_.empty() ? sampler_.picked() : total(); }

  /// Begins epoch number `epoch`, counted from 0.
  void start(Index epoch) { sampler_.start(epoch); }

  BatchPart operator[](Index step) const {
    const auto picks = sampler_[step];
    const auto count = static_cast<Index>(picks.size());
    if (peers_ == nullptr) return {picks, 0, count};
    if (samples_.empty()) {
      const Range part = part_of(count, peers_->rank(), peers_->ranks());
      return {
          picks.subspan(static_cast<std::size_t>(part.first), static_cast<std::size_t>(part.size)),
          part.first, count};
    }
    BatchPart part{picks, 0, 0};
    for (std::size_t rank = 0; rank < samples_.size(); ++rank) {
      if (static_cast<Index>(rank) == peers_->rank()) part.first = part.all;
      part.all += part_of(samples_[rank], step, size()).size;
    }
    return part;
  }

 private:
  static std::vector<Index> samples_of_all(Index samples, Peers<Scalar>* peers) {
    if (peers == nullptr || peers->has_whole_data()) return {};
    const std::vector<double> all = peers->of_all(static_cast<double>(samples));
    return {all.begin(), all.end()};
  }

  static BatchSampler sampler(Index samples, Index all, const FitOptions& options, bool whole) {
    if (whole) {
      return {samples, options.batch_size, options.order, options.seed, options.blocks};
    }
    require<OptionError>(options.order != Order::sequential,
                         "fit: expected a shuffled order where each process has samples of its "
                         "own, found a sequential one");
    require<OptionError>(options.batch_size > 0, "expected a batch size of at least 1, found ",
                         options.batch_size);
    return BatchSampler::spread(samples, ceil_div(all, options.batch_size), options.order,
                                options.seed, options.blocks);
  }

  Index total() const { return std::accumulate(samples_.begin(), samples_.end(), Index{0}); }

  Peers<Scalar>* peers_;
  std::vector<Index> samples_;  // of each process; none: all have all
  BatchSampler sampler_;
};

}  // namespace ae::inline AE_ABI::detail

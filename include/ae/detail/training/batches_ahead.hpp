#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <memory>

#include "ae/detail/data/read_ahead.hpp"
#include "ae/detail/data/subset.hpp"
#include "ae/detail/training/batch_parts.hpp"

namespace ae::inline AE_ABI::detail {

/// Has the samples read that a fit comes to soon, by sources that can read ahead: those of the next
/// two steps; or, of blocks, as many as a window has, in file order, one window before they are
/// needed.
template <class Scalar>
class BatchesAhead {
 public:
  /// Without `ahead` nothing is read. All else must live as long.
  BatchesAhead(std::unique_ptr<ReadAhead> ahead, const FitOptions& options,
               const BatchParts<Scalar>& batches, const Subset<SourceRef<Scalar>>& train)
      : ahead_(std::move(ahead)), options_(options), batches_(batches), train_(train) {}

  /// This step of the epoch comes now.
  void before(Index step) {
    if (!ahead_) return;
    const bool in_blocks = options_.order == Order::blocks;
    const auto& [samples, blocks] = options_.blocks;
    const Index all = batches_.picked();
    const bool fits = in_blocks && blocks < all / samples;
    const Index steps =
        in_blocks ? ceil_div(fits ? blocks * samples : all, options_.batch_size) : 1;
    const Index distance = in_blocks ? steps : 2;
    if (step % steps != 0) return;
    if (step == 0) want(1, distance);
    want(step + distance, step + distance + steps);
  }

 private:
  void want(Index from, Index to) {
    std::vector<Index> numbers;
    for (Index step = from; step < std::min(to, batches_.size()); ++step) {
      for (const Index pick : batches_[step].picks) numbers.push_back(train_.number(pick));
    }
    std::sort(numbers.begin(), numbers.end());
    if (!numbers.empty()) ahead_->want(std::move(numbers));
  }

  std::unique_ptr<ReadAhead> ahead_;
  const FitOptions& options_;
  const BatchParts<Scalar>& batches_;
  const Subset<SourceRef<Scalar>>& train_;
};

}  // namespace ae::inline AE_ABI::detail

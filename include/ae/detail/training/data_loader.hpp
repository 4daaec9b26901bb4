#pragma once

#include "ae/detail/core/abi.hpp"

#include <atomic>
#include <cmath>

#include "ae/data/scaler.hpp"
#include "ae/detail/core/ceil_div.hpp"
#include "ae/detail/core/padded_matrix.hpp"
#include "ae/detail/core/team.hpp"
#include "ae/detail/data/source_ref.hpp"
#include "ae/detail/data/subset.hpp"
#include "ae/detail/training/objective.hpp"
#include "ae/training/options.hpp"

namespace ae::inline AE_ABI::detail {

/// Makes the batches that a fit learns from: reads, augments, corrupts and scales picked samples,
/// a few at a time on every thread.
template <class Scalar>
class DataLoader {
 public:
  using Data = Subset<SourceRef<Scalar>>;

  DataLoader(const Data& data, const Scaler<Scalar>& scaler, const FitOptions& options,
             const TrainingParts<Scalar>& parts)
      : data_(data), scaler_(scaler), options_(options), parts_(parts) {}

  /// What is random depends on the seed, the step and a sample's place in the batch, where the
  /// first of these is number `first`. The batch is a view, valid until the next. Rethrows what a
  /// thread throws.
  Batch<Scalar> load(std::span<const Index> picks, Index step, double done, Index first = 0) {
    first_ = first;
    const auto count = static_cast<Index>(picks.size());
    input_.resize(data_.features(), count);
    if (parts_.present.corruption) target_.resize(data_.features(), count);
    if (may_miss()) present_.resize(data_.features(), count);
    load_parts(picks, static_cast<std::uint32_t>(step));
    numbers_.clear();
    for (const Index pick : picks) numbers_.push_back(data_.number(pick));
    const auto x = linalg::const_view(input_.view());
    return {.x = x,
            .target = parts_.present.corruption ? linalg::const_view(target_.view()) : x,
            .present = linalg::const_view(present_.view()),
            .sample_weights = sample_weights(),
            .done = done,
            .samples = numbers_,
            .first = first};
  }

 private:
  static constexpr Index least_work = 50'000;  // values that are worth other threads

  bool may_miss() const { return scaler_.missing() == Missing::allowed; }

  void load_parts(std::span<const Index> picks, std::uint32_t step) {
    constexpr Index few = 8;
    const auto count = static_cast<Index>(picks.size());
    std::atomic<Index> next = 0;
    const bool small = count * data_.features() < least_work;
    with_helpers(small ? 1 : threads_for_pieces(ceil_div(count, few)), [&](int) {
      for (Index first; (first = next.fetch_add(few)) < count;) {
        load_part(picks, first, std::min(few, count - first), step);
      }
    });
  }

  void load_part(std::span<const Index> picks, Index first, Index count, std::uint32_t step) {
    MatrixRef<Scalar> part = input_.view().middleCols(first, count);
    data_.read(picks.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
               part);
    if (may_miss()) note_missing(picks, first, part);
    const auto index = static_cast<std::uint64_t>((first_ + first) * part.rows());
    parts_.augment(part, Random(options_.seed, Purpose::augment, step), index);
    if (scaler_.is_per_feature()) scaler_.scale(part);  // noise, too, is then in scaled units
    if (parts_.present.corruption) {
      MatrixRef<Scalar> clean = target_.view().middleCols(first, count);
      linalg::copy(linalg::const_view(part), linalg::view(clean));
      if (!scaler_.is_per_feature()) scaler_.scale(clean);
      parts_.corrupt(part, Random(options_.seed, Purpose::corrupt, step), index);
    }
    if (!scaler_.is_per_feature()) scaler_.scale(part);
  }

  void note_missing(std::span<const Index> picks, Index first, const MatrixRef<Scalar>& part) {
    auto present = present_.view();
    for (Index j = 0; j < part.cols(); ++j) {
      Index there = 0;
      for (Index i = 0; i < part.rows(); ++i) {
        const bool missing = std::isnan(part(i, j));
        present(i, first + j) = missing ? Scalar{0} : Scalar{1};
        there += !missing;
      }
      if (there > 0) continue;
      fail<DataError>({"fit: expected samples with at least one value, found none in sample ",
                       data_.number(picks[static_cast<std::size_t>(first + j)])});
    }
  }

  std::span<const Scalar> sample_weights() {
    weights_.clear();
    if (options_.sample_weights.empty()) return weights_;
    for (const Index number : numbers_) {
      const double weight = options_.sample_weights[static_cast<std::size_t>(number)];
      weights_.push_back(static_cast<Scalar>(weight));
    }
    return weights_;
  }

  const Data& data_;
  const Scaler<Scalar>& scaler_;
  const FitOptions& options_;
  const TrainingParts<Scalar>& parts_;
  Index first_ = 0;  // the place of the first sample that is loaded in the batch
  // Of the batch, with room for the largest that came.
  PaddedMatrix<Scalar> input_;
  PaddedMatrix<Scalar> present_;  // features x batch, where values may be missing
  PaddedMatrix<Scalar> target_;   // features x batch, where it is not what goes in
  std::vector<Scalar> weights_;   // of the batch's samples
  std::vector<Index> numbers_;    // of the batch's samples
};

}  // namespace ae::inline AE_ABI::detail

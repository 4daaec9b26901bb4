#pragma once

#include "ae/detail/data/loader.hpp"
#include "ae/detail/data/subset.hpp"
#include "ae/detail/training/objective.hpp"
#include "ae/training/options.hpp"

namespace ae::detail {

/// Makes the batches that a fit learns from: reads, augments, corrupts and scales picked samples.
template <class Scalar, Source Data, class Parts>
class Feeder {
 public:
  Feeder(const Subset<Data>& data, const Scaler<Scalar>& scaler, const FitOptions& options,
         const Parts& parts)
      : data_(data), scaler_(scaler), options_(options), parts_(parts) {}

  /// What is random depends on the seed and the step. The batch is a view, valid until the next.
  Batch<Scalar> load(std::span<const Index> picks, Index step, double done) {
    const auto count = static_cast<Index>(picks.size());
    MatrixRef<Scalar> x = room_.input(data_.features(), count);
    if constexpr (denoising) target_.resize(x.rows(), count);
    load_batch(data_, scaler_, picks, x, [&](MatrixRef<Scalar> part, Index first) {
      change(part, first, static_cast<std::uint32_t>(step));
    });
    numbers_.clear();
    for (const Index pick : picks) numbers_.push_back(data_.number(pick));
    return {.x = x, .target = target(x), .weights = weights(), .done = done, .samples = numbers_};
  }

 private:
  static constexpr bool denoising = Parts::template has<kind::Corruption>;

  void change(MatrixRef<Scalar> part, Index first, std::uint32_t step) {
    [[maybe_unused]] const auto index = static_cast<std::uint64_t>(first * part.rows());
    if constexpr (Parts::template has<kind::Augmentation>) {
      parts_.template get<kind::Augmentation>().augment(
          part, Random(options_.seed, Purpose::augment, step), index);
    }
    if constexpr (denoising) {
      MatrixRef<Scalar> clean = target_.middleCols(first, part.cols());
      clean = part;
      scaler_.scale(clean);
      parts_.template get<kind::Corruption>().corrupt(
          part, Random(options_.seed, Purpose::corrupt, step), index);
    }
  }

  ConstMatrixRef<Scalar> target(const MatrixRef<Scalar>& x) {
    if constexpr (denoising) return target_;
    return x;
  }

  const Vector<Scalar>* weights() {
    if (options_.sample_weights.empty()) return nullptr;
    weights_.resize(static_cast<Index>(numbers_.size()));
    for (Index i = 0; i < weights_.size(); ++i) {
      const auto number = static_cast<std::size_t>(numbers_[static_cast<std::size_t>(i)]);
      weights_[i] = static_cast<Scalar>(options_.sample_weights[number]);
    }
    return &weights_;
  }

  const Subset<Data>& data_;
  const Scaler<Scalar>& scaler_;
  const FitOptions& options_;
  const Parts& parts_;
  Workspace<Scalar> room_;      // for what goes in
  Matrix<Scalar> target_;       // features x batch, where it is not what goes in
  Vector<Scalar> weights_;      // of the batch's samples
  std::vector<Index> numbers_;  // of the batch's samples
};

}  // namespace ae::detail

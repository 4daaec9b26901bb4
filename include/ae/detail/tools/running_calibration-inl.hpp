#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ae/data/batch_sampler.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/require.hpp"
#include "ae/detail/tools/alarms_allowed.hpp"
#include "ae/tools/running_calibration.hpp"

namespace ae::inline AE_ABI {

namespace detail {

/// The first quartile of sorted values, and how far the third is from it; both at whole places.
inline std::pair<double, double> quartiles(const std::vector<double>& sorted) {
  const std::size_t last = sorted.size() - 1;
  const double first = sorted[last / 4];
  return {first, sorted[last - last / 4] - first};
}

/// At most so many of sorted values, as evenly as can be, in a random order.
inline std::vector<double> some_of(const std::vector<double>& sorted, std::size_t most) {
  std::vector<Index> order(std::min(most, sorted.size()));
  std::iota(order.begin(), order.end(), Index{0});
  shuffle(order, Random(0, Purpose::shuffle));
  std::vector<double> some;
  for (const Index i : order) {
    some.push_back(sorted[static_cast<std::size_t>(i) * sorted.size() / order.size()]);
  }
  return some;
}

}  // namespace detail

AE_HEADER_INLINE RunningCalibration::RunningCalibration(Tag, std::vector<double> clean,
                                                        const RunningOptions& options)
    : memory_(static_cast<std::size_t>(std::max<Index>(0, options.memory))),
      clean_(std::move(clean)) {
  const double share = options.false_alarms;
  detail::require<OptionError>(share > 0 && share < 1, "running calibration: expected a share of ",
                               "false alarms above 0 and below 1, found ", share);
  constexpr Index least = 20;
  detail::require<OptionError>(options.memory >= least,
                               "running calibration: expected a memory of ", "at least ", least,
                               " scores, found ", options.memory);
  for (std::size_t i = 0; i < clean_.size(); ++i) {
    detail::require<DataError>(std::isfinite(clean_[i]), "running calibration: expected finite ",
                               "clean scores, found ", clean_[i], " as score ", i);
  }
  const std::size_t count = clean_.size();
  const auto above =
      static_cast<std::size_t>(detail::alarms_allowed(share, static_cast<Index>(count)));
  detail::require<DataError>(above > 0, "running calibration: expected at least ",
                             std::ceil(1 / share) - 1, " clean scores for a share of false alarms ",
                             "of ", share, ", found ", count);
  std::sort(clean_.begin(), clean_.end());
  clean_threshold_ = clean_[count - std::min(above, count)];
  const auto end = std::upper_bound(clean_.begin(), clean_.end(), clean_threshold_);
  latest_ = detail::some_of({clean_.begin(), end}, memory_);
  sorted_ = latest_;
  std::sort(sorted_.begin(), sorted_.end());
  std::tie(clean_quartile_, clean_width_) = detail::quartiles(sorted_);
}

AE_HEADER_INLINE double RunningCalibration::p_value(double score) const {
  detail::require<DataError>(!std::isnan(score),
                             "running calibration: expected a score, found nan");
  const auto at_least = std::partition_point(clean_.begin(), clean_.end(),
                                             [&](double clean) { return now(clean) < score; });
  return static_cast<double>(clean_.end() - at_least + 1) / static_cast<double>(clean_.size() + 1);
}

AE_HEADER_INLINE bool RunningCalibration::observe(double score) {
  detail::require<DataError>(score > -std::numeric_limits<double>::infinity(),
                             "running calibration: expected a score, found ", score);
  if (score > threshold()) return true;
  keep(score);
  follow();
  return false;
}

AE_HEADER_INLINE void RunningCalibration::keep(double score) {
  if (latest_.size() < memory_) {
    latest_.push_back(score);
  } else {
    sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), latest_[oldest_]));
    latest_[oldest_] = score;
    oldest_ = (oldest_ + 1) % memory_;
  }
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), score), score);
}

/// Where the latest scores have no width, it stays as it was.
AE_HEADER_INLINE void RunningCalibration::follow() {
  const auto [quartile, width] = detail::quartiles(sorted_);
  if (width > 0 && clean_width_ > 0) stretch_ = width / clean_width_;
  shift_ = quartile - stretch_ * clean_quartile_;
}

AE_HEADER_INLINE Vector<double> RunningCalibration::clean_scores() const {
  Vector<double> all(static_cast<Index>(clean_.size()));
  std::transform(clean_.begin(), clean_.end(), all.begin(),
                 [&](double score) { return now(score); });
  return all;
}

}  // namespace ae::inline AE_ABI

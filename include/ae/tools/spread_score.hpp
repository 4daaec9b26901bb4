#pragma once

#include "ae/detail/core/abi.hpp"

#include <utility>

#include "ae/core/concepts.hpp"
#include "ae/detail/tools/residuals.hpp"

namespace ae::inline AE_ABI {

/// Scores by residuals divided by their spread: the squared error of each feature over its mean on
/// clean samples, averaged over the features that are there. About 1 for clean samples; a feature
/// that is hard to give back counts no more than one that is easy. The score of `Detector` without
/// its masks.
/// ~~~{.cpp}
/// const auto spread = ae::SpreadScore::fit(model, held_out);
/// const ae::Vector<double> scores = spread.score(model, x);
/// ~~~
class SpreadScore {
 public:
  /// Of spreads (features): mean squared errors. Throws OptionError unless all are above 0 and
  /// finite.
  explicit SpreadScore(Vector<double> spreads) : spreads_(std::move(spreads)) {
    for (Index i = 0; i < spreads_.size(); ++i) {
      detail::require<OptionError>(spreads_[i] > 0 && std::isfinite(spreads_[i]),
                                   "spread score: expected spreads above 0, found ", spreads_[i],
                                   " for feature ", i);
    }
  }

  /// To clean samples that the model was not trained on, a matrix (features x samples) or a source.
  /// The spread of a feature is at least a millionth of the mean over all features. Throws
  /// ShapeError for samples of another width than the model's, or none, and DataError for values
  /// that are not finite, a sample without a value, or a feature without one.
  template <class Model, Samples<typename Model::Scalar> Data>
  static SpreadScore fit(const Model& model, const Data& clean) {
    Vector<double> sums = Vector<double>::Zero(model.features()), counts = sums;
    detail::for_each_residuals(
        model, clean, "spread score", [&](const Matrix<double>& found, Index first) {
          detail::require_finite_chunk<double>(found, first, true, "spread score, residuals");
          const auto missing = found.array().isNaN();
          sums += missing.select(0, found.array().square()).rowwise().sum().matrix();
          counts += (!missing).rowwise().count().template cast<double>().matrix();
        });
    for (Index i = 0; i < counts.size(); ++i) {
      detail::require<DataError>(counts[i] > 0, "spread score: expected a clean value of every ",
                                 "feature, found none of feature ", i);
    }
    const Vector<double> spreads = sums.cwiseQuotient(counts);
    constexpr double least = 1e-100;  // where nothing was ever wrong
    return SpreadScore(spreads.cwiseMax(1e-6 * spreads.mean()).cwiseMax(least));
  }

  /// The mean squared error of each feature on clean samples, in units of losses.
  const Vector<double>& spreads() const { return spreads_; }

  /// The score of each sample of a matrix (features x samples) or a source. Throws ShapeError for
  /// samples of another width, or none, and DataError as `fit`.
  template <class Model, Samples<typename Model::Scalar> Data>
  Vector<double> score(const Model& model, const Data& data) const {
    detail::require_as_wide(model, spreads_.size(), "spread score");
    return detail::score_residuals(
        model, data, "spread score", [&](const Matrix<double>& found) -> Vector<double> {
          const auto missing = found.array().isNaN();
          const Eigen::ArrayXXd ratios = found.array().square().colwise() / spreads_.array();
          return missing.select(0, ratios).colwise().sum().transpose() /
                 (!missing).colwise().count().template cast<double>().transpose();
        });
  }

 private:
  Vector<double> spreads_;  // features
};

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include <Eigen/Cholesky>

#include "ae/core/concepts.hpp"
#include "ae/detail/tools/residuals.hpp"

namespace ae::inline AE_ABI {

namespace detail {

/// The mean and the covariance of residuals, which come some at a time; those of samples with a
/// missing value do not count.
class ResidualMoments {
 public:
  /// (features x some), NaN where a value is missing.
  void add(const Matrix<double>& residuals);

  Index count() const { return count_; }
  Vector<double> mean() const { return origin_ + sum_ / static_cast<double>(count_); }
  Matrix<double> covariance() const;

 private:
  Index count_ = 0;
  Vector<double> origin_, sum_;  // a point among the residuals; of residuals from there
  Matrix<double> products_;      // their sum, of residuals from there
};

}  // namespace detail

/// Scores by the Mahalanobis distance of residuals: how far they are from their mean on clean
/// samples, in directions where these vary little. Squared, and divided by the number of features
/// that are there, so about 1 for clean samples. Malhotra et al., "LSTM-based encoder-decoder for
/// multi-sensor anomaly detection", 2016, section 2.1.
///
/// The covariance is shrunk towards its own diagonal: (1 - shrinkage) of what lies beside it is
/// kept (Schäfer and Strimmer, Statistical Applications in Genetics and Molecular Biology 4, 2005,
/// table 2, target D). This is needed: residuals hardly vary along what the model gives back, and
/// what hardly varies would be all that counts. With a shrinkage of 1 features count each for
/// themselves.
/// ~~~{.cpp}
/// const auto distance = ae::MahalanobisScore::fit(model, held_out);
/// const ae::Vector<double> scores = distance.score(model, x);
/// ~~~
class MahalanobisScore {
 public:
  /// To clean samples that the model was not trained on, a matrix (features x samples) or a source;
  /// samples with a missing value do not count. The variance of a feature is at least a millionth
  /// of the mean over all features. Throws OptionError for a shrinkage outside [0, 1], ShapeError
  /// for samples of another width than the model's, and DataError for values that are not finite, a
  /// sample without a value, fewer than two complete ones, or a covariance that is singular, as it
  /// may be with a shrinkage of 0.
  template <class Model, Samples<typename Model::Scalar> Data>
  static MahalanobisScore fit(const Model& model, const Data& clean, double shrinkage = 0.1) {
    detail::ResidualMoments moments;
    detail::for_each_residuals(
        model, clean, "mahalanobis score", [&](const Matrix<double>& found, Index first) {
          detail::require_finite_chunk<double>(found, first, true, "mahalanobis score, residuals");
          moments.add(found);
        });
    return {moments, shrinkage};
  }

  Index features() const { return mean_.size(); }

  /// Of the residuals of clean samples, reconstruction less sample, in units of losses.
  const Vector<double>& mean() const { return mean_; }

  /// Shrunk (features x features), in squared units of losses.
  Matrix<double> covariance() const {
    return deviations_.asDiagonal() * correlation_ * deviations_.asDiagonal();
  }

  /// The score of each sample of a matrix (features x samples) or a source. Where values are
  /// missing, that of those which are there. Throws ShapeError for samples of another width, or
  /// none, and DataError for values that are not finite or a sample without a value.
  template <class Model, Samples<typename Model::Scalar> Data>
  Vector<double> score(const Model& model, const Data& data) const {
    detail::require_as_wide(model, features(), "mahalanobis score");
    return detail::score_residuals(model, data, "mahalanobis score",
                                   [&](const auto& found) { return of_residuals(found); });
  }

 private:
  MahalanobisScore(const detail::ResidualMoments& moments, double shrinkage);

  Vector<double> of_residuals(const Matrix<double>& residuals) const;
  double of_incomplete(const Vector<double>& z) const;

  Vector<double> mean_, deviations_;  // features
  Matrix<double> correlation_;        // shrunk (features x features)
  Eigen::LDLT<Matrix<double>> solver_;
};

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/tools/mahalanobis_score-inl.hpp"
#endif

#pragma once

#include "ae/data/scaler.hpp"

/// A model of any width that gives back everything as zero, so that its residuals are the samples
/// with the other sign, and whose code is the first two features.
struct ZeroModel {
  using Scalar = double;

  ae::Index width = 3;
  ae::Scaler<double> own{};

  ae::Index features() const { return width; }
  const ae::Scaler<double>& scaler() const { return own; }
  ae::Matrix<double> reconstruct(const ae::Matrix<double>& x) const {
    return ae::Matrix<double>::Zero(x.rows(), x.cols());
  }
  ae::Matrix<double> encode(const ae::Matrix<double>& x) const { return x.topRows(2); }

  /// The same, for which NaN means missing.
  ZeroModel with_missing() const {
    ZeroModel other = *this;
    other.own.set_missing(ae::Missing::allowed);
    return other;
  }
};

/// What numbers from NumPy and scikit-learn were computed of (3 features x 5 clean samples), and
/// two samples to score.
inline const ae::Matrix<double> few_clean{{1, 2, 0, 3, -1}, {2, 2.5, 1, 4, -2}, {0.5, -1, 0, 1, 2}};
inline const ae::Matrix<double> few_others{{1, 4}, {1, 0}, {1, -2}};

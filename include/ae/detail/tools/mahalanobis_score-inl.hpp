#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <vector>

#include "ae/detail/core/header_only.hpp"
#include "ae/tools/mahalanobis_score.hpp"

namespace ae::inline AE_ABI {

namespace detail {

AE_HEADER_INLINE void ResidualMoments::add(const Matrix<double>& residuals) {
  for (Index j = 0; j < residuals.cols(); ++j) {
    const auto residual = residuals.col(j);
    if (residual.array().isNaN().any()) continue;
    if (count_++ == 0) {
      origin_ = residual;
      sum_ = Vector<double>::Zero(residual.size());
      products_ = Matrix<double>::Zero(residual.size(), residual.size());
    }
    const Vector<double> from_origin = residual - origin_;
    sum_ += from_origin;
    products_.selfadjointView<Eigen::Lower>().rankUpdate(from_origin);
  }
}

AE_HEADER_INLINE Matrix<double> ResidualMoments::covariance() const {
  const auto count = static_cast<double>(count_);
  const Vector<double> mean = sum_ / count;
  const Matrix<double> products = products_.selfadjointView<Eigen::Lower>();
  return products / count - mean * mean.transpose();
}

}  // namespace detail

AE_HEADER_INLINE MahalanobisScore::MahalanobisScore(const detail::ResidualMoments& moments,
                                                    double shrinkage) {
  detail::require<OptionError>(shrinkage >= 0 && shrinkage <= 1,
                               "mahalanobis score: expected a shrinkage from 0 to 1, found ",
                               shrinkage);
  detail::require<DataError>(moments.count() > 1, "mahalanobis score: expected at least 2 clean ",
                             "samples without a missing value, found ", moments.count());
  mean_ = moments.mean();
  correlation_ = moments.covariance();
  const Vector<double> variances = correlation_.diagonal();
  constexpr double least = 1e-100;  // where residuals never differ
  deviations_ = variances.cwiseMax(1e-6 * variances.mean()).cwiseMax(least).cwiseSqrt();
  const Vector<double> inverse = deviations_.cwiseInverse();
  correlation_ = (1 - shrinkage) * (inverse.asDiagonal() * correlation_ * inverse.asDiagonal());
  correlation_.diagonal().setOnes();
  solver_.compute(correlation_);
  constexpr double singular = 1e-10;
  const double smallest = solver_.vectorD().minCoeff();
  detail::require<DataError>(
      smallest > singular, "mahalanobis score: expected residuals whose correlations have an ",
      "inverse, found a pivot of ", smallest, " in ", features(), " features of ", moments.count(),
      " samples; a shrinkage above ", shrinkage, " helps");
}

AE_HEADER_INLINE Vector<double> MahalanobisScore::of_residuals(
    const Matrix<double>& residuals) const {
  const Matrix<double> z = (residuals.colwise() - mean_).array().colwise() / deviations_.array();
  Vector<double> all = z.cwiseProduct(solver_.solve(z)).colwise().sum().transpose();
  all /= static_cast<double>(features());
  for (Index j = 0; j < z.cols(); ++j) {
    if (residuals.col(j).array().isNaN().any()) all[j] = of_incomplete(z.col(j));
  }
  return detail::infinite_if_nan(all);  // of a residual that is infinite
}

AE_HEADER_INLINE double MahalanobisScore::of_incomplete(const Vector<double>& z) const {
  std::vector<Index> there;
  for (Index i = 0; i < z.size(); ++i) {
    if (!std::isnan(z[i])) there.push_back(i);
  }
  const Vector<double> known = z(there);
  const Eigen::LDLT<Matrix<double>> solver(correlation_(there, there));
  return known.dot(solver.solve(known)) / static_cast<double>(there.size());
}

}  // namespace ae::inline AE_ABI

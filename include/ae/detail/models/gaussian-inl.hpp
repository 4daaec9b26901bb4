#pragma once

#include "ae/detail/core/abi.hpp"

#include <Eigen/Eigenvalues>
#include <numbers>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/linalg/multiply.hpp"
#include "ae/models/gaussian.hpp"

namespace ae::inline AE_ABI {

AE_HEADER_INLINE Gaussian Gaussian::fit(const Matrix<double>& x, const Eigen::RowVectorXd& shares,
                                        double floor) {
  const Eigen::RowVectorXd weights = shares / shares.sum();
  const Vector<double> mean = x * weights.transpose();
  const Matrix<double> centred = (x.colwise() - mean) * weights.cwiseSqrt().asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(
      detail::multiply(centred, centred.transpose()));
  return {mean, solver.eigenvalues().cwiseMax(floor), solver.eigenvectors()};
}

AE_HEADER_INLINE Matrix<double> Gaussian::covariance() const {
  return axes * variances.asDiagonal() * axes.transpose();
}

AE_HEADER_INLINE Eigen::RowVectorXd Gaussian::log_density(const Matrix<double>& x) const {
  const Matrix<double> whitening =
      variances.cwiseSqrt().cwiseInverse().asDiagonal() * axes.transpose();
  const Matrix<double> centred = x.colwise() - mean;
  const Matrix<double> z = detail::multiply(whitening, centred);
  const double at_mean = -(2 * std::numbers::pi * variances.array()).log().sum() / 2;
  return at_mean - z.colwise().squaredNorm().array() / 2;
}

AE_HEADER_INLINE Vector<double> Gaussian::sample(const Random& random, std::uint64_t i) const {
  std::uint64_t at = i * static_cast<std::uint64_t>(mean.size());
  Vector<double> z(mean.size());
  for (double& entry : z) entry = random.normal(at++);
  return mean + axes * variances.cwiseSqrt().cwiseProduct(z);
}

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include <Eigen/Eigenvalues>
#include <numbers>

#include "ae/core/random.hpp"
#include "ae/core/types.hpp"

namespace ae::inline AE_ABI {

/// A normal density with the covariance axes * diagonal(variances) * axes^T.
struct Gaussian {
  Vector<double> mean, variances;
  Matrix<double> axes;  ///< orthonormal columns

  /// The most likely one for samples x (features x samples), weighted by their shares, among all
  /// whose variances are at least the floor: smaller eigenvalues of the covariance become the
  /// floor.
  static Gaussian fit(const Matrix<double>& x, const Eigen::RowVectorXd& shares, double floor) {
    const Eigen::RowVectorXd weights = shares / shares.sum();
    const Vector<double> mean = x * weights.transpose();
    const Matrix<double> centred = (x.colwise() - mean) * weights.cwiseSqrt().asDiagonal();
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(centred * centred.transpose());
    return {mean, solver.eigenvalues().cwiseMax(floor), solver.eigenvectors()};
  }

  Matrix<double> covariance() const { return axes * variances.asDiagonal() * axes.transpose(); }

  /// The log of the density at every column of x (features x samples).
  Eigen::RowVectorXd log_density(const Matrix<double>& x) const {
    const Matrix<double> z =
        variances.cwiseSqrt().cwiseInverse().asDiagonal() * axes.transpose() * (x.colwise() - mean);
    const double at_mean = -(2 * std::numbers::pi * variances.array()).log().sum() / 2;
    return at_mean - z.colwise().squaredNorm().array() / 2;
  }

  /// Sample number i of the generator's.
  Vector<double> sample(const Random& random, std::uint64_t i) const {
    std::uint64_t at = i * static_cast<std::uint64_t>(mean.size());
    Vector<double> z(mean.size());
    for (double& entry : z) entry = random.normal(at++);
    return mean + axes * variances.cwiseSqrt().cwiseProduct(z);
  }
};

}  // namespace ae::inline AE_ABI

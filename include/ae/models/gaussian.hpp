#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/random.hpp"
#include "ae/core/types.hpp"

namespace ae::inline AE_ABI {

/// A normal density with the covariance axes * diagonal(variances) * axes^T.
/// ~~~{.cpp}
/// const auto density = ae::Gaussian::fit(rows, Eigen::RowVectorXd::Ones(rows.cols()), 1e-6);
/// const Eigen::RowVectorXd logs = density.log_density(rows);
/// ~~~
struct Gaussian {
  Vector<double> mean, variances;
  Matrix<double> axes;  ///< orthonormal columns

  /// The most likely one for samples x (features x samples), weighted by their shares, among all
  /// whose variances are at least the floor: smaller eigenvalues of the covariance become the
  /// floor.
  static Gaussian fit(const Matrix<double>& x, const Eigen::RowVectorXd& shares, double floor);

  Matrix<double> covariance() const;

  /// The log of the density at every column of x (features x samples).
  Eigen::RowVectorXd log_density(const Matrix<double>& x) const;

  /// Sample number i of the generator's.
  Vector<double> sample(const Random& random, std::uint64_t i) const;
};

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/models/gaussian-inl.hpp"
#endif

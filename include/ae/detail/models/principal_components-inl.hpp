#pragma once

#include "ae/detail/core/abi.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/require.hpp"
#include "ae/detail/linalg/multiply.hpp"
#include "ae/detail/models/principal_components.hpp"

namespace ae::inline AE_ABI::detail {

/// Of the covariance of all features.
inline PrincipalComponents components_of_covariance(const SourceRef<double>& source,
                                                    const Vector<double>& mean, Index components) {
  Matrix<double> covariance = Matrix<double>::Zero(source.features(), source.features());
  for_each_chunk<double>(source, [&](const MatrixRef<double>& x, Index) {
    const Matrix<double> centred = x.colwise() - mean;
    covariance.selfadjointView<Eigen::Lower>().rankUpdate(centred);
  });
  covariance /= static_cast<double>(source.samples());
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(covariance);
  return {.mean = mean,
          .components = solver.eigenvectors().rightCols(components).rowwise().reverse(),
          .variances = solver.eigenvalues().tail(components).reverse().cwiseMax(0),
          .total_variance = covariance.trace()};
}

/// Gram and Schmidt, twice. A column of which no more is left than `rounding` becomes one of the
/// unit vectors.
inline void orthonormalise(Matrix<double>& basis, double rounding) {
  Index unit = 0;
  for (Index j = 0; j < basis.cols(); ++j) {
    const auto before = basis.leftCols(j);
    auto column = basis.col(j);
    const auto clear = [&] {
      for (int i = 0; i < 2; ++i) column -= before * (before.transpose() * column).eval();
      return column.norm();
    };
    double norm = clear();
    for (bool is_unit = false; norm <= (is_unit ? 0.1 : rounding) || !(norm > 0); is_unit = true) {
      column = Vector<double>::Unit(basis.rows(), unit++ % basis.rows());
      norm = clear();
    }
    column /= norm;
  }
}

/// Of fewer samples than features: the products of samples with each other have the same
/// variances; Jolliffe, "Principal component analysis", 2002, section 3.5. Components beyond the
/// samples' rank, along which nothing varies, are any that are orthogonal to the others.
inline PrincipalComponents components_of_samples(const SourceRef<double>& source,
                                                 const Vector<double>& mean, Index components) {
  Matrix<double> centred(source.features(), source.samples());
  for_each_chunk<double>(source, [&](const MatrixRef<double>& x, Index first) {
    centred.middleCols(first, x.cols()) = x.colwise() - mean;
  });
  const auto samples = static_cast<double>(source.samples());
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(
      Matrix<double>(multiply(centred.transpose(), centred) / samples));
  const Index known = std::min(components, source.samples());
  PrincipalComponents found{.mean = mean,
                            .components = Matrix<double>::Identity(source.features(), components),
                            .variances = Vector<double>::Zero(components),
                            .total_variance = centred.squaredNorm() / samples};
  found.variances.head(known) = solver.eigenvalues().tail(known).reverse().cwiseMax(0);
  found.components.leftCols(known) =
      centred * solver.eigenvectors().rightCols(known).rowwise().reverse();
  orthonormalise(found.components, 1e-12 * std::sqrt(samples * found.total_variance));
  return found;
}

AE_HEADER_INLINE PrincipalComponents principal_components(const SourceRef<double>& source,
                                                          Index components) {
  require_samples(source, source.features(), "pca");
  require<ShapeError>(components > 0 && components <= source.features(), "pca: expected from 1 to ",
                      source.features(), " components, found ", components);
  Vector<double> mean = Vector<double>::Zero(source.features());
  for_each_chunk<double>(source,
                         [&](const MatrixRef<double>& x, Index) { mean += x.rowwise().sum(); });
  mean /= static_cast<double>(source.samples());
  return source.samples() < source.features() ? components_of_samples(source, mean, components)
                                              : components_of_covariance(source, mean, components);
}

}  // namespace ae::inline AE_ABI::detail

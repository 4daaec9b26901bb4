#pragma once

#include "ae/detail/core/abi.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>

#include "ae/detail/data/evaluate.hpp"
#include "ae/parts/loss.hpp"

namespace ae::inline AE_ABI {

/// Principal component analysis: the linear code of least squared error, and so what an
/// autoencoder of the same code size is compared with. Jolliffe, "Principal component analysis",
/// 2002, section 3.1; its equivalence with the linear autoencoder: Baldi and Hornik, Neural
/// Networks 2, 1989.
template <class Scalar = float>
class Pca {
 public:
  /// From the covariance of the samples, in double; of samples that are fewer than their features,
  /// from their products with each other, a matrix of samples x samples. Throws ShapeError for no
  /// samples or more components than features.
  template <Samples<double> Data>
  static Pca fit(const Data& data, Index components) {
    const auto& source = detail::as_source(data);
    detail::require_samples(source, source.features(), "pca");
    detail::require<ShapeError>(components > 0 && components <= source.features(),
                                "pca: expected from 1 to ", source.features(),
                                " components, found ", components);
    Vector<double> mean = Vector<double>::Zero(source.features());
    detail::for_each_chunk<double>(source,
                                   [&](const auto& x, Index) { mean += x.rowwise().sum(); });
    mean /= static_cast<double>(source.samples());

    Pca pca = source.samples() < source.features() ? of_samples(source, mean, components)
                                                   : of_covariance(source, mean, components);
    pca.mean_ = mean.cast<Scalar>();
    return pca;
  }

  Index features() const { return components_.rows(); }
  Index code_size() const { return components_.cols(); }

  /// Orthonormal columns (features x code size), the largest variance first.
  const Matrix<Scalar>& components() const { return components_; }
  const Vector<Scalar>& mean() const { return mean_; }

  /// The variance of the samples along every component (code size), and over all features, as means
  /// over the samples.
  const Vector<double>& variances() const { return variances_; }
  double total_variance() const { return total_variance_; }

  /// The share of the variance that the components keep, from 0 to 1; 1 for constant data.
  double explained() const {
    return total_variance_ > 0 ? std::min(1.0, variances_.sum() / total_variance_) : 1.0;
  }

  /// x (features x samples) to codes (code size x samples). Throws ShapeError.
  Matrix<Scalar> encode(const ConstMatrixRef<Scalar>& x) const {
    detail::require_rows(x, features(), "pca");
    return components_.transpose() * (x.colwise() - mean_);
  }

  /// Codes (code size x samples) to reconstructions (features x samples). Throws ShapeError.
  Matrix<Scalar> decode(const ConstMatrixRef<Scalar>& code) const {
    detail::require_rows(code, code_size(), "pca");
    return (components_ * code).colwise() + mean_;
  }

  Matrix<Scalar> reconstruct(const ConstMatrixRef<Scalar>& x) const { return decode(encode(x)); }

  /// The mean loss between samples and their reconstructions. Throws ShapeError.
  template <Samples<Scalar> Data, Loss<Scalar> L = Mse>
  double evaluate(const Data& data, const L& loss = {}) const {
    return detail::evaluate(*this, detail::SourceRef<Scalar>(detail::as_source(data)), loss);
  }

 private:
  Pca() = default;

  template <class Data>
  static Pca of_covariance(const Data& source, const Vector<double>& mean, Index components) {
    Matrix<double> covariance = Matrix<double>::Zero(source.features(), source.features());
    detail::for_each_chunk<double>(source, [&](const auto& x, Index) {
      const Matrix<double> centred = x.colwise() - mean;
      covariance.template selfadjointView<Eigen::Lower>().rankUpdate(centred);
    });
    covariance /= static_cast<double>(source.samples());
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(covariance);
    Pca pca;
    pca.components_ =
        solver.eigenvectors().rightCols(components).rowwise().reverse().template cast<Scalar>();
    pca.variances_ = solver.eigenvalues().tail(components).reverse().cwiseMax(0);
    pca.total_variance_ = covariance.trace();
    return pca;
  }

  /// Of fewer samples than features: the products of samples with each other have the same
  /// variances; Jolliffe, section 3.5. Components beyond the samples' rank, along which nothing
  /// varies, are any that are orthogonal to the others.
  template <class Data>
  static Pca of_samples(const Data& source, const Vector<double>& mean, Index components) {
    Matrix<double> centred(source.features(), source.samples());
    detail::for_each_chunk<double>(source, [&](const auto& x, Index first) {
      centred.middleCols(first, x.cols()) = x.colwise() - mean;
    });
    const auto samples = static_cast<double>(source.samples());
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(
        Matrix<double>(centred.transpose() * centred / samples));
    const Index known = std::min(components, source.samples());
    Pca pca;
    pca.variances_ = Vector<double>::Zero(components);
    pca.variances_.head(known) = solver.eigenvalues().tail(known).reverse().cwiseMax(0);
    pca.total_variance_ = centred.squaredNorm() / samples;
    Matrix<double> basis = Matrix<double>::Identity(source.features(), components);
    basis.leftCols(known) = centred * solver.eigenvectors().rightCols(known).rowwise().reverse();
    orthonormalise(basis, 1e-12 * std::sqrt(samples * pca.total_variance_));
    pca.components_ = basis.cast<Scalar>();
    return pca;
  }

  /// Gram and Schmidt, twice. A column of which no more is left than `rounding` becomes one of the
  /// unit vectors.
  static void orthonormalise(Matrix<double>& basis, double rounding) {
    Index unit = 0;
    for (Index j = 0; j < basis.cols(); ++j) {
      const auto before = basis.leftCols(j);
      auto column = basis.col(j);
      const auto clear = [&] {
        for (int i = 0; i < 2; ++i) column -= before * (before.transpose() * column).eval();
        return column.norm();
      };
      double norm = clear();
      for (bool is_unit = false; norm <= (is_unit ? 0.1 : rounding) || !(norm > 0);
           is_unit = true) {
        column = Vector<double>::Unit(basis.rows(), unit++ % basis.rows());
        norm = clear();
      }
      column /= norm;
    }
  }

  Vector<Scalar> mean_;
  Matrix<Scalar> components_;
  Vector<double> variances_;
  double total_variance_ = 0;
};

}  // namespace ae::inline AE_ABI

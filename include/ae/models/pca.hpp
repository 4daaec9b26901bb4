#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/data/evaluate.hpp"
#include "ae/detail/linalg/multiply.hpp"
#include "ae/detail/models/principal_components.hpp"
#include "ae/parts/loss.hpp"

namespace ae::inline AE_ABI {

/// Principal component analysis: the linear code of least squared error, and so what an
/// autoencoder of the same code size is compared with. Jolliffe, "Principal component analysis",
/// 2002, section 3.1; its equivalence with the linear autoencoder: Baldi and Hornik, Neural
/// Networks 2, 1989.
/// ~~~{.cpp}
/// const auto pca = ae::Pca<float>::fit(x, 8);  // 8 components
/// const ae::Matrix<float> codes = pca.encode(x);
/// std::cout << pca.evaluate(held_out) << " beside " << model.evaluate(held_out) << '\n';
/// ~~~
template <class Scalar = float>
class Pca {
 public:
  /// From the covariance of the samples, in double; of samples that are fewer than their features,
  /// from their products with each other, a matrix of samples x samples. Throws ShapeError for no
  /// samples or more components than features.
  template <Samples<double> Data>
  static Pca fit(const Data& data, Index components) {
    const auto& source = detail::as_source(data);
    const auto found = detail::principal_components(detail::SourceRef<double>(source), components);
    Pca pca;
    pca.mean_ = found.mean.template cast<Scalar>();
    pca.components_ = found.components.template cast<Scalar>();
    pca.variances_ = found.variances;
    pca.total_variance_ = found.total_variance;
    return pca;
  }

  /// The same with only its first components. Throws ShapeError if it has fewer.
  Pca first(Index components) const {
    detail::require<ShapeError>(components > 0 && components <= code_size(),
                                "pca: expected from 1 ", "to ", code_size(), " components, found ",
                                components);
    Pca some = *this;
    some.components_ = components_.leftCols(components);
    some.variances_ = variances_.head(components);
    return some;
  }

  Index features() const { return components_.rows(); }
  Index code_size() const { return components_.cols(); }

  /// Orthonormal columns (features x code size), the largest variance first.
  const Matrix<Scalar>& components() const { return components_; }
  /// The mean of the samples (features).
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
    const Matrix<Scalar> centred = x.colwise() - mean_;
    return detail::multiply(components_.transpose(), centred);
  }

  /// Codes (code size x samples) to reconstructions (features x samples). Throws ShapeError.
  Matrix<Scalar> decode(const ConstMatrixRef<Scalar>& code) const {
    detail::require_rows(code, code_size(), "pca");
    return detail::multiply(components_, code).colwise() + mean_;
  }

  Matrix<Scalar> reconstruct(const ConstMatrixRef<Scalar>& x) const { return decode(encode(x)); }

  /// The mean loss between samples and their reconstructions. Throws ShapeError.
  template <Samples<Scalar> Data, Loss<Scalar> L = Mse>
  double evaluate(const Data& data, const L& loss = {}) const {
    return detail::evaluate(*this, detail::SourceRef<Scalar>(detail::as_source(data)), loss);
  }

 private:
  Pca() = default;

  Vector<Scalar> mean_;
  Matrix<Scalar> components_;
  Vector<double> variances_;
  double total_variance_ = 0;
};

}  // namespace ae::inline AE_ABI

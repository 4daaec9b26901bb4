#pragma once

#include "ae/detail/core/abi.hpp"

#include <limits>

#include "ae/detail/data/evaluate.hpp"

namespace ae::inline AE_ABI::detail {

/// Infinite where there is a NaN.
template <class Derived>
auto infinite_if_nan(const Eigen::MatrixBase<Derived>& x) {
  return x.array().isNaN().select(std::numeric_limits<double>::infinity(), x);
}

/// What the model makes of samples less the samples (features x some), in units of losses: NaN
/// where a value is missing, and nowhere else, since what overflows within the model is infinitely
/// odd. The first of them has the number `first`; x is changed. Throws DataError for samples that
/// are not finite or empty.
template <class Model>
Matrix<double> residuals(const Model& model, MatrixRef<typename Model::Scalar> x, Index first,
                         const char* who) {
  using Scalar = typename Model::Scalar;
  Matrix<Scalar> y = model.reconstruct(x);
  const Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> is_missing = x.array().isNaN();
  to_units_of_loss<Scalar>(scaler_of<Scalar>(model), x, y, first, who);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const Matrix<double> found = (y - x).template cast<double>();
  return is_missing.select(nan, infinite_if_nan(found));
}

/// Calls visit(residuals, first) for the samples of a matrix or a source, some at a time. Throws as
/// `residuals`, and ShapeError for samples of another width than the model's, or none.
template <class Model, class Data, class Visit>
void for_each_residuals(const Model& model, const Data& data, const char* who, const Visit& visit) {
  using Scalar = typename Model::Scalar;
  const auto& source = as_source(data);
  require_samples(source, model.features(), who);
  for_each_chunk<Scalar>(source, [&](const MatrixRef<Scalar>& x, Index first) {
    visit(residuals(model, x, first, who), first);
  });
}

/// Throws ShapeError unless the model has so many features.
template <class Model>
void require_as_wide(const Model& model, Index features, const char* who) {
  require<ShapeError>(model.features() == features, who, ": expected a model of ", features,
                      " features, as it was fitted with, found one of ", model.features());
}

/// A score of each sample from what score_of(residuals) makes of some.
template <class Model, class Data, class ScoreOf>
Vector<double> score_residuals(const Model& model, const Data& data, const char* who,
                               const ScoreOf& score_of) {
  Vector<double> all(as_source(data).samples());
  for_each_residuals(model, data, who, [&](const Matrix<double>& found, Index first) {
    all.segment(first, found.cols()) = score_of(found);
  });
  return all;
}

/// The codes of the samples of a matrix or a source (code size x samples). Throws as
/// `for_each_residuals`.
template <class Model, class Data>
Matrix<double> codes(const Model& model, const Data& data, const char* who) {
  using Scalar = typename Model::Scalar;
  const auto& source = as_source(data);
  require_samples(source, model.features(), who);
  const bool may_miss = scaler_of<Scalar>(model).missing() == Missing::allowed;
  Matrix<double> all;
  for_each_chunk<Scalar>(source, [&](const MatrixRef<Scalar>& x, Index first) {
    require_finite_chunk<Scalar>(x, first, may_miss, who);
    for (Index j = 0; j < x.cols(); ++j) {
      require<DataError>(!x.col(j).array().isNaN().all(), who,
                         ": expected samples with at least one value, found none in sample ",
                         first + j);
    }
    const Matrix<double> found = model.encode(x).template cast<double>();
    if (first == 0) all.resize(found.rows(), source.samples());
    all.middleCols(first, x.cols()) = found;
  });
  return all;
}

}  // namespace ae::inline AE_ABI::detail

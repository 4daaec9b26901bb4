#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/tools/detector_parts.hpp"
#include "ae/tools/detector.hpp"

/// What a detector makes of samples: scores, p-values, and what was expected.
namespace ae::inline AE_ABI {

AE_HEADER_INLINE Matrix<float> Detector::enter(const ConstMatrixRef<double>& x, Index first) const {
  const bool may_miss = model_.scaler().missing() == Missing::allowed;
  detail::require_rows(x, features(), "detector");
  detail::require_finite_chunk<double>(x, first, may_miss, "detector");
  const Matrix<double> z = scaler_.scaled(x);
  return z.cwiseMax(-most_deviations).cwiseMin(most_deviations).cast<float>();
}

AE_HEADER_INLINE Matrix<float> Detector::errors(const ConstMatrixRef<double>& x,
                                                const Matrix<float>& z) const {
  const Matrix<float> squares = (predict_masked(model_, z, groups_, masks) - z).cwiseAbs2();
  return x.array().isNaN().select(0.0f, squares);
}

/// The same with what is missing as the network expects it, so that it tells nothing by distances.
AE_HEADER_INLINE Matrix<float> Detector::filled(const ConstMatrixRef<double>& x,
                                                const Matrix<float>& z) const {
  std::vector<Index> incomplete;
  for (Index j = 0; j < x.cols(); ++j) {
    if (x.col(j).hasNaN()) incomplete.push_back(j);
  }
  Matrix<float> all = z;
  if (incomplete.empty()) return all;
  const Matrix<float> some = z(Eigen::all, incomplete);
  const Matrix<float> expected = predict_masked(model_, some, groups_, masks);
  for (std::size_t i = 0; i < incomplete.size(); ++i) {
    const Index j = incomplete[i];
    all.col(j) = x.col(j).array().isNaN().select(expected.col(static_cast<Index>(i)), z.col(j));
  }
  return all;
}

AE_HEADER_INLINE Vector<double> Detector::network_score(const ConstMatrixRef<double>& x,
                                                        const Matrix<float>& z, Index first) const {
  const Vector<double> weights = spreads_.cwiseInverse();
  const Vector<double> sums = errors(x, z).cast<double>().transpose() * weights;
  const Vector<double> sizes = detail::sums_of_groups(Vector<double>::Ones(x.rows()), groups_);
  const Vector<double> there =
      (x.array() == x.array()).cast<double>().matrix().transpose() * sizes.cwiseInverse();
  for (Index j = 0; j < x.cols(); ++j) detail::require_some_value(there[j] > 0, first + j);
  return sums.array() / there.array();
}

AE_HEADER_INLINE Vector<double> Detector::joined(const ConstMatrixRef<double>& x,
                                                 const Matrix<float>& z, Index neighbor,
                                                 Index first) const {
  Eigen::ArrayXd all = network_(network_score(x, z, first));
  if (neighbors_ > 0) all += distance_(normal_.distances(filled(x, z), neighbor));
  return all;
}

AE_HEADER_INLINE Vector<double> Detector::score(const ConstMatrixRef<double>& x,
                                                Index first) const {
  return joined(x, enter(x, first), neighbors_, first);
}

AE_HEADER_INLINE void Detector::set_threshold(double threshold) {
  detail::require<OptionError>(std::isfinite(threshold),
                               "detector: expected a finite threshold, found ", threshold);
  threshold_ = threshold;
}

AE_HEADER_INLINE Vector<double> Detector::p_values_of(const Vector<double>& scores) const {
  const auto count = static_cast<double>(clean_scores_.size());
  for (Index i = 0; i < scores.size(); ++i) {
    detail::require<DataError>(!std::isnan(scores[i]),
                               "detector: expected scores, found nan as score ", i);
  }
  return scores.unaryExpr([&](double found) {
    const auto below = std::lower_bound(clean_scores_.begin(), clean_scores_.end(), found);
    return (static_cast<double>(clean_scores_.end() - below) + 1) / (count + 1);
  });
}

AE_HEADER_INLINE Explanation Detector::explain(const ConstMatrixRef<double>& x) const {
  const Matrix<float> z = enter(x);
  for (Index j = 0; j < x.cols(); ++j) {
    detail::require_some_value(!x.col(j).array().isNaN().all(), j);
  }
  Explanation all;
  all.expected = predict_masked(model_, z, groups_, masks).cast<double>();
  scaler_.unscale(all.expected);
  all.shares = errors(x, z).cast<double>();
  all.shares.array().colwise() /= spreads_.array();
  for (auto column : all.shares.colwise()) {
    const double sum = column.sum();
    if (sum > 0) column /= sum;
  }
  return all;
}

AE_HEADER_INLINE const Matrix<double>& Detector::values_of(const Table& table) const {
  detail::require<OptionError>(schema_.has_value(),
                               "detector: expected a matrix, since it was fitted to one, found a ",
                               "table");
  detail::require<OptionError>(table.schema.columns() == schema_->columns(),
                               "detector: expected a table that was read by its schema, ",
                               "ae::Table::read(path, *detector.schema()), found another");
  return table.values;
}

AE_HEADER_INLINE TableExplanation Detector::explain(const Table& table) const {
  Explanation all = explain(values_of(table));
  return {schema_->feature_columns(), std::move(all.expected), schema_->column_sums(all.shares)};
}

}  // namespace ae::inline AE_ABI

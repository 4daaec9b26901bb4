#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/data/scaler.hpp"
#include "ae/detail/data/feature_statistics.hpp"

namespace ae::inline AE_ABI {

namespace detail {

/// a * b + c, rounded once where the processor does so in one step: left to themselves, some
/// compilers round twice there.
template <class Scalar>
Scalar multiply_add(Scalar a, Scalar b, Scalar c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  return std::fma(a, b, c);
#else
  return a * b + c;
#endif
}

}  // namespace detail

template <class Scalar>
Scaler<Scalar>::Scaler(Vector<Scalar> center, Scalar divisor)
    : Scaler(center, Vector<Scalar>(Vector<Scalar>::Constant(center.size(), divisor))) {
  per_feature_ = false;
}

template <class Scalar>
Scaler<Scalar>::Scaler(Vector<Scalar> center, Vector<Scalar> divisors)
    : center_(std::move(center)), divisors_(std::move(divisors)), per_feature_(true) {
  detail::require<ShapeError>(center_.size() > 0,
                              "scaler: expected a center of at least one row, found none");
  detail::require<ShapeError>(divisors_.size() == center_.size(), "scaler: expected ",
                              center_.size(), " divisors, found ", divisors_.size());
  for (Index i = 0; i < center_.size(); ++i) {
    detail::require<OptionError>(std::isfinite(center_[i]),
                                 "scaler: expected finite centers, found ", center_[i],
                                 " for feature ", i);
    detail::require<OptionError>(std::isfinite(divisors_[i]) && divisors_[i] > 0,
                                 "scaler: expected divisors above 0, found ", divisors_[i],
                                 " for feature ", i);
  }
}

namespace detail {

/// A scaler from statistics, and a center and divisors that are those of `standard` or `robust`.
template <class Scalar>
Scaler<Scalar> scaler_from(const FeatureStatistics& found, Vector<double> center,
                           Vector<double> divisors, Scaling scaling, Missing missing) {
  if (scaling == Scaling::common) {
    divisors.setConstant(found.common_deviation());
  } else if (scaling == Scaling::min_max) {
    center = (found.highest + found.lowest) / 2;
    divisors = (found.highest - found.lowest) / 2;
  }
  for (Index i = 0; i < center.size() && scaling != Scaling::common; ++i) {
    const double size = std::abs(center[i]);
    if (!(divisors[i] > 1e-12 * size)) divisors[i] = size > 0 ? size / 100 : 0.01;
  }
  Vector<Scalar> middle = center.template cast<Scalar>();
  Vector<Scalar> each = divisors.template cast<Scalar>();
  Scaler<Scalar> scaler =
      scaling == Scaling::common ? Scaler<Scalar>(middle, each[0]) : Scaler<Scalar>(middle, each);
  scaler.set_missing(missing);
  return scaler;
}

}  // namespace detail

template <class Scalar>
template <class From>
Scaler<Scalar> Scaler<Scalar>::of(const detail::SourceRef<From>& source, Scaling scaling,
                                  Missing missing) {
  const detail::FeatureStatistics found(source, missing == Missing::allowed, "scaler");
  Vector<double> center = found.mean, divisors = found.deviations();
  if (scaling == Scaling::robust) {
    const detail::Quartiles<From> quartiles(source);
    center = quartiles.median;
    divisors = (quartiles.deviations.array() > 0).select(quartiles.deviations, divisors);
  }
  return detail::scaler_from<Scalar>(found, center, divisors, scaling, missing);
}

template <class Scalar>
void Scaler<Scalar>::scale(MatrixRef<Scalar> x) const {
  if (!is_identity()) {
    x = (x.colwise() - center_).array().colwise() / divisors_.array();
  }
  if (missing_ == Missing::allowed) x = x.array().isNaN().select(Scalar{0}, x);
}

template <class Scalar>
Matrix<Scalar> Scaler<Scalar>::scaled(const ConstMatrixRef<double>& x) const {
  if (!is_identity()) detail::require_rows(x, center_.size(), "scaler");
  Matrix<Scalar> z(x.rows(), x.cols());
  for (Index j = 0; j < x.cols(); ++j) {
    for (Index i = 0; i < x.rows(); ++i) {
      const double value = is_identity() ? x(i, j)
                                         : (x(i, j) - static_cast<double>(center_[i])) /
                                               static_cast<double>(divisors_[i]);
      const bool is_missing = missing_ == Missing::allowed && std::isnan(value);
      z(i, j) = is_missing ? Scalar{0} : static_cast<Scalar>(value);
    }
  }
  return z;
}

template <class Scalar>
void Scaler<Scalar>::unscale(MatrixRef<Scalar> x) const {
  if (is_identity()) return;
  for (Index j = 0; j < x.cols(); ++j) {
    for (Index i = 0; i < x.rows(); ++i) {
      x(i, j) = detail::multiply_add(x(i, j), divisors_[i], center_[i]);
    }
  }
}

}  // namespace ae::inline AE_ABI

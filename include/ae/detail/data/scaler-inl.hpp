#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/data/scaler.hpp"
#include "ae/detail/core/require_range.hpp"

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
Scaler<Scalar>::Scaler(Vector<Scalar> mean, Scalar scale) : mean_(std::move(mean)), scale_(scale) {
  detail::require<ShapeError>(mean_.size() > 0,
                              "scaler: expected a mean of at least one row, found none");
  detail::require<OptionError>(mean_.allFinite(),
                               "scaler: expected finite means, found one that is not finite");
  detail::require_above_zero(scale, "scaler", "a scale");
}

template <class Scalar>
Scaler<Scalar> Scaler<Scalar>::of(const detail::SourceRef<Scalar>& source) {
  detail::require_samples(source, source.features(), "scaler");
  const auto count = static_cast<double>(source.samples());
  Vector<double> mean = Vector<double>::Zero(source.features());
  detail::for_each_chunk<Scalar>(source, [&](const auto& x, Index) {
    mean += x.template cast<double>().rowwise().sum() / count;
  });
  double squares = 0;
  detail::for_each_chunk<Scalar>(source, [&](const auto& x, Index) {
    squares += (x.template cast<double>().colwise() - mean).squaredNorm();
  });
  const double scale = std::sqrt(squares / count / static_cast<double>(source.features()));
  const bool constant = scale <= 1e-12 * mean.cwiseAbs().maxCoeff();
  return {mean.cast<Scalar>(), constant ? Scalar{1} : static_cast<Scalar>(scale)};
}

template <class Scalar>
void Scaler<Scalar>::scale(MatrixRef<Scalar> x) const {
  if (!is_identity()) x = (x.colwise() - mean_) / scale_;
}

template <class Scalar>
void Scaler<Scalar>::unscale(MatrixRef<Scalar> x) const {
  if (is_identity()) return;
  for (Index j = 0; j < x.cols(); ++j) {
    for (Index i = 0; i < x.rows(); ++i) {
      x(i, j) = detail::multiply_add(x(i, j), scale_, mean_[i]);
    }
  }
}

}  // namespace ae::inline AE_ABI

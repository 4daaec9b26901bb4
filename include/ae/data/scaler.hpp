#pragma once

#include <cmath>

#include "ae/detail/core/require_range.hpp"
#include "ae/detail/data/source.hpp"

namespace ae {

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

/// Centres every feature and divides all of them by one number, so that the network sees values
/// around zero and errors keep their proportions: a mean squared error in the units of the network,
/// times scale^2, is the one in the units of the data. By default it changes nothing.
template <class Scalar = float>
class Scaler {
 public:
  Scaler() = default;

  /// Throws ShapeError unless the mean has a row, OptionError unless the scale is positive.
  Scaler(Vector<Scalar> mean, Scalar scale) : mean_(std::move(mean)), scale_(scale) {
    detail::require<ShapeError>(mean_.size() > 0,
                                "scaler: expected a mean of at least one row, found none");
    detail::require<OptionError>(mean_.allFinite(),
                                 "scaler: expected finite means, found one that is not finite");
    detail::require_above_zero(scale, "scaler", "a scale");
  }

  /// The mean of every feature, and the root of the mean squared deviation from it over all
  /// elements (1 if the data are constant up to rounding). Throws ShapeError for no samples.
  template <Samples<Scalar> Data>
  static Scaler fit(const Data& data) {
    const auto& source = detail::as_source(data);
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

  bool is_identity() const { return mean_.size() == 0; }
  const Vector<Scalar>& mean() const { return mean_; }
  Scalar scale() const { return scale_; }

  /// From the units of the data to those of the network, in place (features x any).
  void scale(MatrixRef<Scalar> x) const {
    if (!is_identity()) x = (x.colwise() - mean_) / scale_;
  }

  /// Back again, in place.
  void unscale(MatrixRef<Scalar> x) const {
    if (is_identity()) return;
    for (Index j = 0; j < x.cols(); ++j) {
      for (Index i = 0; i < x.rows(); ++i) {
        x(i, j) = detail::multiply_add(x(i, j), scale_, mean_[i]);
      }
    }
  }

 private:
  Vector<Scalar> mean_;
  Scalar scale_ = 1;
};

}  // namespace ae

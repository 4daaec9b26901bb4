#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/data/source.hpp"

namespace ae::inline AE_ABI {

/// Centres every feature and divides all of them by one number, so that the network sees values
/// around zero and errors keep their proportions: a mean squared error in the units of the network,
/// times scale^2, is the one in the units of the data. By default it changes nothing.
template <class Scalar = float>
class Scaler {
 public:
  Scaler() = default;

  /// Throws ShapeError unless the mean has a row, OptionError unless the scale is positive.
  Scaler(Vector<Scalar> mean, Scalar scale);

  /// The mean of every feature, and the root of the mean squared deviation from it over all
  /// elements (1 if the data are constant up to rounding). Throws ShapeError for no samples.
  template <Samples<Scalar> Data>
  static Scaler fit(const Data& data) {
    return of(detail::SourceRef<Scalar>(detail::as_source(data)));
  }

  bool is_identity() const { return mean_.size() == 0; }
  const Vector<Scalar>& mean() const { return mean_; }
  Scalar scale() const { return scale_; }

  /// From the units of the data to those of the network, in place (features x any).
  void scale(MatrixRef<Scalar> x) const;

  /// Back again, in place.
  void unscale(MatrixRef<Scalar> x) const;

 private:
  static Scaler of(const detail::SourceRef<Scalar>& source);

  Vector<Scalar> mean_;
  Scalar scale_ = 1;
};

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/data/scaler-inl.hpp"
#endif

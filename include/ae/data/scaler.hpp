#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/data/source.hpp"

namespace ae::inline AE_ABI {

/// How a scaler is fitted: what every feature is centred by, and what it is divided by.
enum class Scaling {
  common,    ///< the mean; all features by one number, the root of their mean squared deviation
  standard,  ///< the mean; its standard deviation
  robust,    ///< the median; the distance of its quartiles / 1.349, a normal one's deviation
  min_max    ///< the middle between its lowest and highest value; half of their distance
};

/// What a NaN in a sample is.
enum class Missing {
  refused,  ///< nothing that a model takes
  allowed   ///< a value that is missing: it enters as its feature's center
};

template <class Scalar>
class Scaler;

namespace detail {

struct FeatureStatistics;
template <class Scalar>
Scaler<Scalar> scaler_from(const FeatureStatistics& found, Vector<double> center,
                           Vector<double> divisors, Scaling scaling, Missing missing);

}  // namespace detail

/// Centres every feature and divides it, so that the network sees values around zero of about one.
/// Where all features share one divisor, errors keep their proportions, and a loss, penalties and
/// scores are in the units of the data: a mean squared error in the units of the network, times
/// unit()^2, is the one in the units of the data. Where each has a divisor of its own they are in
/// scaled units. By default it changes nothing.
/// ~~~{.cpp}
/// model.set_scaler(ae::Scaler<float>::fit(x, ae::Scaling::standard));
/// ~~~
template <class Scalar = float>
class Scaler {
 public:
  Scaler() = default;

  /// All features divided by one number. Throws ShapeError unless the center has a row, OptionError
  /// unless it is finite and the divisor positive.
  Scaler(Vector<Scalar> center, Scalar divisor);

  /// Each by its own (both: features). Throws as the other, and ShapeError unless both have as many
  /// rows.
  Scaler(Vector<Scalar> center, Vector<Scalar> divisors);

  /// Data that are constant throughout, up to rounding, have the common divisor 1. A feature that
  /// is constant and has its own is divided by a hundredth of its value (of 1 where it is 0), so
  /// that whatever departs from it counts. `robust` takes the standard deviation where the
  /// quartiles meet, and of more than twenty million values every k-th sample. A matrix of doubles
  /// is measured in double. Throws ShapeError for no samples, and DataError for a value
  /// that is not finite, unless it is a NaN and those are allowed.
  template <Samples<Scalar> Data>
  static Scaler fit(const Data& data, Scaling scaling = Scaling::common,
                    Missing missing = Missing::refused) {
    using From = std::conditional_t<detail::MatrixOfDouble<Data>, double, Scalar>;
    return of(detail::SourceRef<From>(detail::as_source(data)), scaling, missing);
  }

  /// True if it changes nothing, unless a value is missing.
  bool is_identity() const { return center_.size() == 0; }

  /// True if every feature has a divisor of its own.
  bool is_per_feature() const { return per_feature_; }

  /// Both: features; nothing in a scaler that changes nothing.
  const Vector<Scalar>& center() const { return center_; }
  const Vector<Scalar>& divisors() const { return divisors_; }

  /// The units of losses and scores, in those of the data: the divisor that all features share, or
  /// 1 where they are scaled units.
  Scalar unit() const { return per_feature_ || is_identity() ? Scalar{1} : divisors_[0]; }

  Missing missing() const { return missing_; }
  void set_missing(Missing missing) { missing_ = missing; }

  /// From the units of the data to those of the network, in place (features x any).
  void scale(MatrixRef<Scalar> x) const;

  /// The same of doubles, which are centred before they are rounded. Throws ShapeError.
  Matrix<Scalar> scaled(const ConstMatrixRef<double>& x) const;

  /// Back again, in place.
  void unscale(MatrixRef<Scalar> x) const;

 private:
  template <class From>
  static Scaler of(const detail::SourceRef<From>& source, Scaling scaling, Missing missing);

  Vector<Scalar> center_, divisors_;  // features
  bool per_feature_ = false;
  Missing missing_ = Missing::refused;
};

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/data/scaler-inl.hpp"
#endif

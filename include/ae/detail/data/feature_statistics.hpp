#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "ae/data/quantile.hpp"
#include "ae/detail/data/source.hpp"

namespace ae::inline AE_ABI::detail {

/// Throws DataError for a value of a chunk (features x some, the first of them number `first`) that
/// is not finite, unless it is a NaN and those are allowed.
template <class Scalar>
void require_finite_chunk(const ConstMatrixRef<Scalar>& x, Index first, bool nan_allowed,
                          const char* who) {
  for (Index j = 0; j < x.cols(); ++j) {
    for (Index i = 0; i < x.rows(); ++i) {
      if (std::isfinite(x(i, j)) || (nan_allowed && std::isnan(x(i, j)))) continue;
      fail<DataError>({who, ": expected finite values, found ", x(i, j), " in sample ", first + j,
                       ", feature ", i});
    }
  }
}

/// Calls visit(feature, value), with the value in double, for all that is not missing.
template <class Scalar, class Visit>
void for_each_value(const SourceRef<Scalar>& source, const Visit& visit) {
  for_each_chunk<Scalar>(source, [&](const MatrixRef<Scalar>& x, Index) {
    for (Index j = 0; j < x.cols(); ++j) {
      for (Index i = 0; i < x.rows(); ++i) {
        if (!std::isnan(x(i, j))) visit(i, static_cast<double>(x(i, j)));
      }
    }
  });
}

/// What a scaler is fitted to: of every feature of a source, without its missing values. A feature
/// of which nothing is there is all 0.
struct FeatureStatistics {
  Vector<double> count, mean, lowest, highest;
  Vector<double> squares;  ///< of the deviations from the mean, summed

  /// Throws ShapeError for no samples, and DataError for values that are not finite.
  template <class Scalar>
  FeatureStatistics(const SourceRef<Scalar>& source, bool nan_allowed, const char* who)
      : count(Vector<double>::Zero(source.features())),
        mean(count),
        lowest(count),
        highest(count),
        squares(count) {
    require_samples(source, source.features(), who);
    for_each_chunk<Scalar>(source, [&](const MatrixRef<Scalar>& x, Index first) {
      require_finite_chunk<Scalar>(x, first, nan_allowed, who);
    });
    for_each_value(source, [&](Index i, double value) {
      const bool is_first = count[i]++ == 0;
      mean[i] += value;
      lowest[i] = is_first ? value : std::min(lowest[i], value);
      highest[i] = is_first ? value : std::max(highest[i], value);
    });
    mean.array() /= count.array().max(1);
    for_each_value(source, [&](Index i, double value) {
      const double deviation = value - mean[i];
      squares[i] += deviation * deviation;
    });
  }

  Vector<double> deviations() const { return (squares.array() / count.array().max(1)).sqrt(); }

  /// The root of the mean squared deviation over all features; 1 where it is all rounding.
  double common_deviation() const {
    const double deviation = std::sqrt(squares.sum() / std::max(count.sum(), 1.0));
    return deviation <= 1e-12 * mean.cwiseAbs().maxCoeff() ? 1 : deviation;
  }
};

/// The medians of all features, and what the distances of their quartiles say of their standard
/// deviations; of many samples, every k-th counts.
template <class Scalar>
struct Quartiles {
  Vector<double> median, deviations;

  explicit Quartiles(const SourceRef<Scalar>& source)
      : median(Vector<double>::Zero(source.features())), deviations(median) {
    constexpr Index most = 20'000'000;  // values
    const Index step = 1 + source.samples() / std::max<Index>(1, most / source.features());
    std::vector<std::vector<double>> values(static_cast<std::size_t>(source.features()));
    for_each_chunk<Scalar>(source, [&](const MatrixRef<Scalar>& x, Index first) {
      for (Index j = (step - first % step) % step; j < x.cols(); j += step) {
        for (Index i = 0; i < x.rows(); ++i) {
          if (std::isnan(x(i, j))) continue;
          values[static_cast<std::size_t>(i)].push_back(static_cast<double>(x(i, j)));
        }
      }
    });
    for (Index i = 0; i < median.size(); ++i) {
      const auto& all = values[static_cast<std::size_t>(i)];
      if (all.empty()) continue;
      median[i] = quantile(all, 0.5);
      deviations[i] = (quantile(all, 0.75) - quantile(all, 0.25)) / 1.349;
    }
  }
};

}  // namespace ae::inline AE_ABI::detail

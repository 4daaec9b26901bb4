#pragma once

#include "ae/detail/core/abi.hpp"

#include <optional>

#include "ae/data/scaler.hpp"
#include "ae/detail/data/feature_statistics.hpp"
#include "ae/detail/data/subset.hpp"
#include "ae/detail/training/peers.hpp"
#include "ae/training/options.hpp"

namespace ae::inline AE_ABI::detail::mpi {

template <class Scalar>
class Ranks;

/// The statistics of the samples of all processes from those of each. Chan, Golub and LeVeque,
/// "Updating formulae and a pairwise algorithm for computing sample variances", COMPSTAT 1982,
/// section 2.
template <class Scalar>
void merge(FeatureStatistics& mine, Ranks<Scalar>& ranks) {
  const Index features = mine.count.size();
  Vector<double> packed(5 * features);
  packed << mine.count, mine.mean, mine.squares, mine.lowest, mine.highest;
  const Matrix<double> all = ranks.gather(packed);
  const auto of = [&](Index which, Index rank) {
    return all.col(rank).segment(which * features, features).array();
  };
  mine.count.setZero();
  mine.mean.setZero();
  for (Index rank = 0; rank < all.cols(); ++rank) {
    mine.count.array() += of(0, rank);
    mine.mean.array() += of(0, rank) * of(1, rank);
  }
  mine.mean.array() /= mine.count.array().max(1);
  mine.squares.setZero();
  Vector<double> seen = Vector<double>::Zero(features);
  for (Index rank = 0; rank < all.cols(); ++rank) {
    mine.squares.array() += of(2, rank) + of(0, rank) * (of(1, rank) - mine.mean.array()).square();
    for (Index i = 0; i < features; ++i) {
      if (of(0, rank)[i] == 0) continue;
      const bool first = seen[i] == 0;
      mine.lowest[i] = first ? of(3, rank)[i] : std::min(mine.lowest[i], of(3, rank)[i]);
      mine.highest[i] = first ? of(4, rank)[i] : std::max(mine.highest[i], of(4, rank)[i]);
      seen[i] = 1;
    }
  }
}

/// Fits a scaler to the samples of all processes that are learnt from, each of which has samples of
/// its own, if `scaling` asks for it. Throws as `Scaler::fit` does, and OptionError for one that
/// needs all values in one place.
template <class Scalar>
void fit_joint_scaler(Scaler<Scalar>& scaler, const SourceRef<Scalar>& data,
                      const FitOptions& options, Ranks<Scalar>& ranks) {
  if (!options.scaling) return;
  require<OptionError>(*options.scaling != Scaling::robust,
                       "fit: expected a scaling by means, or a scaler that was set, where each ",
                       "process has samples of its own, found Scaling::robust");
  const Missing missing = scaler.missing();
  std::optional<FeatureStatistics> found;
  ranks.together([&] {
    const auto train = split(data, options.validation_split, options.seed).train;
    found.emplace(SourceRef<Scalar>(train), missing == Missing::allowed, "scaler");
    return false;
  });
  merge(*found, ranks);
  scaler = scaler_from<Scalar>(*found, found->mean, found->deviations(), *options.scaling, missing);
}

}  // namespace ae::inline AE_ABI::detail::mpi

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/data/feature_statistics.hpp"
#include "ae/detail/data/source.hpp"
#include "ae/detail/training/fit_job.hpp"
#include "ae/detail/training/typed_parts.hpp"

namespace ae::inline AE_ABI::detail {

/// Fits the scaler to the samples that are learnt from, if `scaling` asks for it.
template <class Scalar>
void fit_scaler(Scaler<Scalar>& scaler, const SourceRef<Scalar>& data, const FitOptions& options);

/// Trains the network to give its input back. `state` goes on where an earlier fit stopped; `code`
/// is the layer whose output is the code. Throws OptionError, ShapeError, and DivergenceError when
/// the loss stops being finite: then network and state are back as they were at the latest start of
/// an epoch that had a finite loss. The scaler is as it was where nothing was learnt.
template <class Scalar>
History fit(const FitJob<Scalar>& job);

/// Throws DataError for a feature of doubles that varies by less than a model of floats can tell: a
/// float is read before it is scaled.
template <class Scalar>
void require_resolution(const SourceRef<double>& data) {
  const FeatureStatistics found(data, true, "fit");
  const Vector<double> deviations = found.deviations();
  constexpr auto step = static_cast<double>(std::numeric_limits<Scalar>::epsilon());
  for (Index i = 0; i < deviations.size(); ++i) {
    const double size = std::abs(found.mean[i]);
    require<DataError>(
        !(deviations[i] > 1e-12 * size) || deviations[i] > 4 * step * size,
        "fit: expected features that the model's type can tell apart, found feature ", i,
        " around ", found.mean[i], " with a deviation of ", deviations[i],
        "; a model of double can, or samples that Scaler::scaled has scaled");
  }
}

/// The same for concrete types of network, source and parts, which it hides behind a FitJob.
template <class Network, class Data, class... Parts, class Measure,
          class Scalar = typename Network::Scalar>
History fit(Network& network, TrainingState<Scalar>& state, Scaler<Scalar>& scaler,
            const Data& data, const FitOptions& options, const FitParts<Parts...>& parts,
            Index code, const Measure& measure, std::function<void(double)> after_epoch = {}) {
  if constexpr (std::is_same_v<Scalar, float> && std::is_same_v<Data, MatrixSource<double>>) {
    require_resolution<Scalar>(SourceRef<double>(data));
  }
  FitJob<Scalar> job{trainable_with<FitParts<Parts...>>(network),
                     state,
                     scaler,
                     SourceRef<Scalar>(data),
                     options,
                     typed_parts<Scalar>(parts),
                     code,
                     measure,
                     {},
                     std::move(after_epoch)};
  if constexpr (FitParts<Parts...>::template has<kind::Together>) {
    job.peers = parts.template get<kind::Together>().peers;
  }
  if constexpr (FitParts<Parts...>::template has<kind::Validation>) {
    const auto& validation = as_source(parts.template get<kind::Validation>().data);
    job.validation.emplace(validation);
    return fit(job);
  } else {
    return fit(job);
  }
}

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/training/fit-inl.hpp"
#endif

#pragma once

#include "ae/detail/core/abi.hpp"

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

/// The same for concrete types of network, source and parts, which it hides behind a FitJob.
template <class Network, class Data, class... Parts, class Measure,
          class Scalar = typename Network::Scalar>
History fit(Network& network, TrainingState<Scalar>& state, Scaler<Scalar>& scaler,
            const Data& data, const FitOptions& options, const FitParts<Parts...>& parts,
            Index code, const Measure& measure, std::function<void(double)> after_epoch = {}) {
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

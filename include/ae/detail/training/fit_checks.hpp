#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/data/source.hpp"
#include "ae/detail/parts/loss_domain.hpp"
#include "ae/detail/training/fit_job.hpp"
#include "ae/parts/activation.hpp"

/// What must hold before a fit begins.
namespace ae::inline AE_ABI::detail {

/// Throws OptionError where a loss takes logits and the last layer of the network is not linear.
template <class Scalar>
void require_linear_output(const FitJob<Scalar>& job) {
  if (job.parts->link() == Link::identity) return;
  const std::string_view name = job.network.layers.back().name;
  for (const std::string_view bent :
       {Sigmoid::name, Tanh::name, Softplus::name, Relu::name, LeakyRelu::name, Elu::name,
        Selu::name, Gelu::name, Silu::name}) {
    require<OptionError>(name != bent, "fit: expected a last layer that is linear, since the loss ",
                         "takes logits and the model makes probabilities of them, found ", name);
  }
}

/// Throws OptionError and ShapeError for data or options that do not fit.
template <class Scalar>
void require_valid(const FitJob<Scalar>& job) {
  const Index features = job.network.layers.front().inputs;
  require_samples(job.data, features, "fit");
  if (job.validation) require_samples(*job.validation, features, "validation");
  require_valid(job.options, job.data.samples(),
                job.validation || job.options.validation_split > 0);
  require_linear_output(job);
  require<OptionError>(
      std::is_same_v<Scalar, float> || job.options.precision == Precision::full,
      "fit: expected a model of float for Precision::bfloat16, found one of double");
  require<OptionError>(
      job.network.least_batch == 1 || job.peers == nullptr || job.peers->ranks() == 1,
      "fit: expected one process for layers with batch normalisation, whose mean and variance are "
      "those of the whole batch, found ",
      job.peers == nullptr ? 1 : job.peers->ranks());
  require<OptionError>(!job.validation || job.options.validation_split == 0,
                       "fit: expected validation data or a validation_split, found both");
}

/// Before anything is learnt: throws DataError for samples that the loss does not take.
template <class Scalar>
void require_targets(const FitJob<Scalar>& job) {
  const TargetRange range = job.parts->targets();
  if (std::isinf(range.lowest) && std::isinf(range.highest)) return;
  for_each_chunk<Scalar>(job.data, [&](const MatrixRef<Scalar>& x, Index first) {
    job.scaler.scale(x);
    require_targets(x, range, "fit", [&](Index j) { return first + j; });
  });
}

}  // namespace ae::inline AE_ABI::detail

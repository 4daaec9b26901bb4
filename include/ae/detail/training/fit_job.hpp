#pragma once

#include <memory>
#include <optional>

#include "ae/detail/core/function_ref.hpp"
#include "ae/detail/training/data_loader.hpp"
#include "ae/detail/training/state.hpp"

namespace ae::detail {

/// What a fit works on.
template <class Scalar>
struct FitJob {
  TrainableNetwork<Scalar> network;
  TrainingState<Scalar>& state;
  const Scaler<Scalar>& scaler;
  SourceRef<Scalar> data;
  const FitOptions& options;
  std::shared_ptr<TrainingParts<Scalar>> parts;
  Index code;                                             ///< the layer whose output is the code
  FunctionRef<double(const SourceRef<Scalar>&)> measure;  ///< the loss as the model's user would
                                                          ///< measure it
  std::optional<SourceRef<Scalar>> validation;
};

/// Throws OptionError and ShapeError for data or options that do not fit.
template <class Scalar>
void require_valid(const FitJob<Scalar>& job) {
  const Index features = job.network.layers.front().inputs;
  require_samples(job.data, features, "fit");
  if (job.validation) require_samples(*job.validation, features, "validation");
  require_valid(job.options, job.data.samples(),
                job.validation || job.options.validation_split > 0);
  require<OptionError>(!job.validation || job.options.validation_split == 0,
                       "fit: expected validation data or a validation_split, found both");
}

}  // namespace ae::detail

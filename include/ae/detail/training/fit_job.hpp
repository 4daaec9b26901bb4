#pragma once

#include "ae/detail/core/abi.hpp"

#include <functional>
#include <memory>
#include <optional>

#include "ae/data/scaler.hpp"
#include "ae/detail/core/function_ref.hpp"
#include "ae/detail/data/source_ref.hpp"
#include "ae/detail/training/peers.hpp"
#include "ae/detail/training/state.hpp"
#include "ae/detail/training/training_parts.hpp"
#include "ae/training/options.hpp"

namespace ae::inline AE_ABI::detail {

/// What a fit works on.
template <class Scalar>
struct FitJob {
  TrainableNetwork<Scalar> network;
  TrainingState<Scalar>& state;
  Scaler<Scalar>& scaler;
  SourceRef<Scalar> data;
  const FitOptions& options;
  std::shared_ptr<TrainingParts<Scalar>> parts;
  Index code;                                             ///< the layer whose output is the code
  FunctionRef<double(const SourceRef<Scalar>&)> measure;  ///< the loss as the model's user would
                                                          ///< measure it
  std::optional<SourceRef<Scalar>> validation;
  std::function<void(double)> after_epoch = {};  ///< takes its data loss, before it is validated
  Peers<Scalar>* peers = nullptr;  ///< the processes that take part, if there are others
};

}  // namespace ae::inline AE_ABI::detail

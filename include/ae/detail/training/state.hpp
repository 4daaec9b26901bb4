#pragma once

#include "ae/detail/core/abi.hpp"

#include <limits>

#include "ae/detail/layers/per_parameter.hpp"
#include "ae/training/history.hpp"

namespace ae::inline AE_ABI::detail {

/// Options that are checked to be the same when a fit resumes one that was stopped.
struct FitPlan {
  Index epochs = 0;
  Index batch_size = 0;
  Index samples = 0;
  std::uint64_t seed = 0;
  double learning_rate = 0;
  double ema_decay = 0;
  double validation_split = 0;
  Index patience = 0;
  bool sequential = false;      ///< Order::sequential was used
  bool bfloat16 = false;        ///< Precision::bfloat16 was used
  Index block = 0, window = 0;  ///< of Order::blocks; 0: it was not used

  bool operator==(const FitPlan&) const = default;
};

/// Where a fit that was stopped stands, so that it can go on as if it had not been.
template <class Scalar>
struct FitPosition {
  FitPlan plan;
  Index epoch = 0;                       ///< of this fit
  Index step = 0;                        ///< of the epoch
  double loss_sum = 0, penalty_sum = 0;  ///< of the epoch so far, over its samples
  History history;                       ///< of the epochs that ended
  double best_loss = std::numeric_limits<double>::infinity();  ///< of the validation data
  Index best_epoch = 0;
  PerParameter<Scalar> best;    ///< the weights that had the lowest validation loss
  PerParameter<Scalar> latest;  ///< those to go on with, where a stop has left others in the model
};

/// What training keeps beside the weights, so that it can go on: counts of epochs and steps, and
/// the moments of every parameter that the optimizer uses, from 0 to 2.
template <class Scalar>
struct TrainingState {
  Index epochs = 0;  ///< of all fits
  Index steps = 0;
  PerParameter<Scalar> first_moment, second_moment;
  PerParameter<Scalar> average;  ///< of the weights, in a fit that averages them
  FitPosition<Scalar> fit;
  bool whole = true;  ///< false while several processes step a part of the moments each

  /// Makes room for the moments, all zero, unless there are some already.
  void prepare(const TrainableNetwork<Scalar>& network, Index moments) {
    if (moments > 0) first_moment.prepare(network);
    if (moments > 1) second_moment.prepare(network);
  }
};

}  // namespace ae::inline AE_ABI::detail

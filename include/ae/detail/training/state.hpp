#pragma once

#include <limits>

#include "ae/detail/layers/per_parameter.hpp"
#include "ae/training/history.hpp"

namespace ae::detail {

/// What a fit that goes on must have in common with the one that was stopped.
struct FitPlan {
  Index epochs = 0;
  Index batch_size = 0;
  Index samples = 0;
  std::uint64_t seed = 0;
  double learning_rate = 0;
  double ema_decay = 0;
  double validation_split = 0;
  Index patience = 0;
  bool sequential = false;  ///< order

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
  PerParameter<Scalar> best;  ///< the weights that had it
};

/// What training keeps beside the weights, so that it can go on: clocks, and the optimizer's
/// moments of every parameter, as many as it keeps.
template <class Scalar>
struct TrainingState {
  Index epochs = 0;  ///< of all fits
  Index steps = 0;
  PerParameter<Scalar> first, second;  ///< moments
  PerParameter<Scalar> average;        ///< of the weights, in a fit that averages them
  FitPosition<Scalar> fit;

  /// Zero moments for layers that have none yet.
  void prepare(const TrainableNetwork<Scalar>& network, Index moments) {
    if (moments > 0) first.prepare(network);
    if (moments > 1) second.prepare(network);
  }
};

}  // namespace ae::detail

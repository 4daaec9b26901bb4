#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/training/state.hpp"
#include "ae/training/options.hpp"

/// Whether a fit may go on where another one was stopped.
namespace ae::inline AE_ABI::detail {

inline FitPlan plan_of(const FitOptions& options, Index samples) {
  return {.epochs = options.epochs,
          .batch_size = options.batch_size,
          .samples = samples,
          .seed = options.seed,
          .learning_rate = options.learning_rate,
          .ema_decay = options.ema_decay,
          .validation_split = options.validation_split,
          .patience = options.patience,
          .sequential = options.order == Order::sequential};
}

inline std::string shown(const FitPlan& plan) {
  return text(plan.epochs, " epochs of ", plan.samples, " samples in batches of ", plan.batch_size,
              plan.sequential ? " in sequential order" : "", ", seed ", plan.seed,
              ", learning_rate ", plan.learning_rate, ", ema_decay ", plan.ema_decay,
              ", validation_split ", plan.validation_split, ", patience ", plan.patience);
}

/// Throws OptionError unless a fit with this plan can begin at the position, or go on from it: its
/// plan is the same, and it lies in these epochs of `steps` steps, which one that was read from a
/// file need not.
template <class Scalar>
void require_resumable(const FitPosition<Scalar>& at, const FitPlan& plan, Index steps) {
  const bool begun = at.plan.epochs > 0;
  require<OptionError>(!begun || at.plan == plan, "resume: expected ", shown(at.plan),
                       ", as the fit that was stopped had, found ", shown(plan));
  require<OptionError>(at.epoch >= 0 && at.epoch <= (begun ? plan.epochs : 0) && at.step >= 0 &&
                           at.step < (begun ? steps : 1) && at.best_epoch >= 0 &&
                           at.best_epoch <= at.epoch &&
                           static_cast<Index>(at.history.size()) == at.epoch,
                       "resume: expected a position in ", plan.epochs, " epochs of ", steps,
                       " steps, with a report for every epoch, found epoch ", at.epoch, ", step ",
                       at.step, ", and ", at.history.size(), " reports");
}

}  // namespace ae::inline AE_ABI::detail

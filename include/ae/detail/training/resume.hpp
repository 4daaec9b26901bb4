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
          .sequential = options.order == Order::sequential,
          .bfloat16 = options.precision == Precision::bfloat16,
          .block = options.order == Order::blocks ? options.blocks.samples : 0,
          .window = options.order == Order::blocks ? options.blocks.window : 0};
}

/// What another plan has otherwise: "learning_rate 0.1 and not 0.01".
inline std::string differences(const FitPlan& expected, const FitPlan& found) {
  std::string all;
  const auto compare = [&](const char* name, const auto& had, const auto& has) {
    if (had == has) return;
    all += text(all.empty() ? "" : ", ", name, ' ', has, " and not ", had);
  };
  compare("epochs", expected.epochs, found.epochs);
  compare("batch_size", expected.batch_size, found.batch_size);
  compare("samples", expected.samples, found.samples);
  compare("seed", expected.seed, found.seed);
  compare("learning_rate", expected.learning_rate, found.learning_rate);
  compare("ema_decay", expected.ema_decay, found.ema_decay);
  compare("validation_split", expected.validation_split, found.validation_split);
  compare("patience", expected.patience, found.patience);
  const auto order = [](const FitPlan& plan) {
    return plan.sequential ? "sequential" : plan.block > 0 ? "blocks" : "shuffled";
  };
  compare("order", std::string(order(expected)), std::string(order(found)));
  compare("blocks of samples", expected.block, found.block);
  compare("windows of blocks", expected.window, found.window);
  const auto precision = [](const FitPlan& plan) { return plan.bfloat16 ? "bfloat16" : "full"; };
  compare("precision", std::string(precision(expected)), std::string(precision(found)));
  return all;
}

/// Throws OptionError unless a fit with this plan can begin at the position, or go on from it: its
/// plan is the same, and it lies in these epochs of `steps` steps, which one that was read from a
/// file need not.
template <class Scalar>
void require_resumable(const FitPosition<Scalar>& at, const FitPlan& plan, Index steps) {
  const bool begun = at.plan.epochs > 0;
  require<OptionError>(
      !begun || at.plan == plan,
      "resume: expected the options and samples of the fit that was stopped, found ",
      begun ? differences(at.plan, plan) : "",
      "; without resume a new fit goes on from the weights as they are");
  require<OptionError>(at.epoch >= 0 && at.epoch <= (begun ? plan.epochs : 0) && at.step >= 0 &&
                           at.step < (begun ? steps : 1) && at.best_epoch >= 0 &&
                           at.best_epoch <= at.epoch &&
                           static_cast<Index>(at.history.size()) == at.epoch,
                       "resume: expected a position in ", plan.epochs, " epochs of ", steps,
                       " steps, with a report for every epoch, found epoch ", at.epoch, ", step ",
                       at.step, ", and ", at.history.size(), " reports");
}

}  // namespace ae::inline AE_ABI::detail

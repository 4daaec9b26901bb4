#pragma once

#include "ae/detail/core/abi.hpp"

#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "ae/core/types.hpp"

/// What a fit tells about itself.
namespace ae::inline AE_ABI {

/// One epoch's report. The data loss is in the units of the caller's data (squared, for the mean
/// squared error), so that it can be held against errors measured outside the model; the total is
/// what the fit minimises.
/// ~~~{.cpp}
/// const ae::History history = model.fit(x, {.validation_split = 0.1});
/// std::cout << history.back().data_loss << ", " << history.back().validation << '\n';
/// ~~~
struct EpochReport {
  Index epoch;       ///< counted from 0, over every `fit` of the model
  double data_loss;  ///< mean over the epoch's samples, each as it was met in training
  double penalty;    ///< of the weights at the end of the epoch, and of the codes, their mean
  double validation = std::numeric_limits<double>::quiet_NaN();  ///< its loss; NaN without it
  double learning_rate;                                          ///< the last step's
  double seconds;                                                ///< since the fit began

  double total() const { return data_loss + penalty; }
};

using History = std::vector<EpochReport>;

/// Where a fit stands: before a step, as its schedule sees it; after one, as its callbacks do.
/// ~~~{.cpp}
/// const auto ten_minutes = [](ae::Progress& at) { if (at.seconds > 600) at.stop = true; };
/// model.fit(x, {.epochs = 1000, .callbacks = {ten_minutes}});
/// ~~~
struct Progress {
  Index epoch = 0;   ///< of this fit, counted from 0
  Index epochs = 1;  ///< of this fit in all
  Index step = 0;    ///< steps done in this fit
  Index steps = 1;   ///< in all
  double done = 0;   ///< of the fit, from 0 to 1; for a schedule, where the middle of the step lies
  double seconds = 0;                      ///< since the fit began
  std::span<const EpochReport> history{};  ///< of the epochs of this fit that have ended
  bool epoch_ended = false;                ///< the step was its last, the report is in the history
  bool stop = false;  ///< set it, and the fit ends here, with the best weights or their average
                      ///< where it keeps such; with `resume` it goes on from the latest
};

/// What a fit calls after every step. It may stop the fit; if it throws, the fit ends with the
/// exception, and the model is as it was after the step.
using Callback = std::function<void(Progress&)>;

}  // namespace ae::inline AE_ABI

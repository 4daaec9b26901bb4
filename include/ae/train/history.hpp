#pragma once

#include <vector>

#include "ae/core/types.hpp"

namespace ae {

/// One epoch's report. The data loss is in the units of the caller's data (squared, for the mean
/// squared error), so that it can be held against errors measured outside the model; the total is
/// what the fit minimises.
struct EpochReport {
  Index epoch;       ///< counted from 0, over every `fit` of the model
  double data_loss;  ///< mean over the epoch's samples, each as it was met in training
  double penalty;    ///< the regularizer's, of the weights at the end of the epoch
  double rate;       ///< the last step's
  double seconds;    ///< since the fit began

  double total() const { return data_loss + penalty; }
};

using History = std::vector<EpochReport>;

/// Where a fit stands, after every step.
struct Progress {
  Index step;      ///< steps done in this fit
  Index steps;     ///< steps in all
  double seconds;  ///< since the fit began
};

}  // namespace ae

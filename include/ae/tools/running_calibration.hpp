#pragma once

#include "ae/detail/core/abi.hpp"

#include <vector>

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI {

/// What a `RunningCalibration` is asked for.
/// ~~~{.cpp}
/// ae::RunningCalibration running(clean, {.false_alarms = 0.001, .memory = 5000});
/// ~~~
struct RunningOptions {
  double false_alarms = 0.01;  ///< the share of normal samples that may be taken for anomalies
  Index memory = 1000;         ///< the scores that it follows: the latest that were no anomalies
};

/// A threshold and p-values that follow scores which drift: machines wear, seasons pass, a model
/// learns on by `partial_fit`.
/// ~~~{.cpp}
/// ae::RunningCalibration running(ae::score(model, held_out), {.false_alarms = 0.01});
/// const bool is_anomaly = running.observe(score);  // one after the other, as they come
/// ~~~
/// The rule: of the scores that were no anomalies the latest are kept, and the clean scores, which
/// it began with, are moved and stretched so that the quartiles of those that were no anomalies are
/// those of the latest. Threshold and p-values are what these clean scores say. So the latest
/// scores tell where scores lie and how wide, and the clean ones what shape their tail has. (The
/// quantile of the latest scores would be no threshold: nothing above it ever comes among them, so
/// it would fall with every sample.)
///
/// What it cannot do:
/// - It takes on what creeps. Whoever raises the scores slowly, by less than their spread while
///   `memory` of them come, is followed like any drift; from scores alone the two are the same.
///   Where that matters, compare `threshold()` with what it was, and let a person look.
/// - It does not take on what jumps. Scores above the threshold change nothing, however many they
///   are: alarms go on until someone calibrates anew.
/// - If the shape of the scores changes and not only their place and width, the share of false
///   alarms does too. The p-values are exact for scores that do not drift only.
class RunningCalibration {
 public:
  /// Begins with scores of clean samples (a vector of any kind) that the model was not trained on.
  /// Throws OptionError unless the share of false alarms is above 0 and below 1 and the memory at
  /// least 20, and DataError for scores that are not finite or too few: a share of 0.01 needs 99.
  template <class Values = std::vector<double>>
  explicit RunningCalibration(const Values& clean, const RunningOptions& options = {})
      : RunningCalibration(Tag{}, {clean.begin(), clean.end()}, options) {}

  /// The score above which a sample is an anomaly.
  double threshold() const { return now(clean_threshold_); }

  /// The chance that a normal sample is at least as odd: the share of the clean scores, as they
  /// would be now, and of the score itself that are. At most `false_alarms` above the threshold.
  /// Throws DataError for NaN.
  double p_value(double score) const;

  /// Whether a sample of this score is an anomaly; if not, the score is learnt from. Takes less
  /// than a microsecond or so for a memory of 1,000. Throws DataError for NaN and minus infinity.
  bool observe(double score);

  /// The clean scores as they would be now, from the lowest to the highest: another calibration can
  /// begin with them, and `Detector::recalibrate` takes them.
  Vector<double> clean_scores() const;

 private:
  struct Tag {};

  RunningCalibration(Tag, std::vector<double> clean, const RunningOptions& options);

  double now(double clean_score) const { return stretch_ * clean_score + shift_; }
  void keep(double score);
  void follow();

  std::size_t memory_;
  std::vector<double> clean_;  // sorted
  double clean_threshold_ = 0;
  double clean_quartile_ = 0, clean_width_ = 0;  // of those below the threshold
  std::vector<double> latest_, sorted_;          // a ring; the same, sorted
  std::size_t oldest_ = 0;
  double stretch_ = 1, shift_ = 0;
};

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/tools/running_calibration-inl.hpp"
#endif

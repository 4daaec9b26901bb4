#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/quantile.hpp"
#include "ae/data/ranking.hpp"
#include "ae/detail/tools/alarms_allowed.hpp"
#include "ae/detail/tools/beta_distribution.hpp"

/// Thresholds, above which a score tells of an anomaly: from clean scores, for a wanted rate of
/// false alarms; from scores of which a known share are anomalies. `quantile` of clean scores is
/// another way, and `best_f1` one with labels.
namespace ae::inline AE_ABI {

/// A threshold, and what is known of the rate of false alarms above it.
struct AlarmThreshold {
  double threshold;
  double rate;       ///< of false alarms, as expected: the mean over all such clean scores
  double low, high;  ///< between which the true rate is, with the confidence asked for
};

/// The threshold that a new normal sample exceeds with a chance of at most `rate`, from scores of n
/// clean samples (a vector of any kind) that the model was not trained on: the k-th highest, with
/// the largest k for which k / (n + 1) is at most the rate. Which share of all normal samples lies
/// above it depends on the clean ones; it has the distribution Beta(k, n + 1 - k), whose quantiles
/// are `low` and `high`. Where scores tie, the true rate may be lower. Vovk, "Conditional validity
/// of inductive conformal predictors", Machine Learning 92, 2013, proposition 2a; Bates, Candes,
/// Lei, Romano and Sesia, "Testing for outliers with conformal p-values", Annals of Statistics 51,
/// 2023, section 3. Throws OptionError for a rate or a confidence outside (0, 1), and for too few
/// scores for the rate, and DataError for scores that are not finite.
/// ~~~{.cpp}
/// const ae::AlarmThreshold alarm = ae::alarm_threshold(ae::score(model, held_out), 0.01);
/// model.set_threshold(alarm.threshold);
/// ~~~
template <class Values = std::vector<double>>
AlarmThreshold alarm_threshold(const Values& clean, double rate, double confidence = 0.95) {
  constexpr const char* who = "alarm threshold";
  detail::require<OptionError>(rate > 0 && rate < 1, who,
                               ": expected a rate above 0 and below 1, found ", rate);
  detail::require<OptionError>(confidence > 0 && confidence < 1, who,
                               ": expected a confidence above 0 and below 1, found ", confidence);
  detail::require_finite_scores(clean, who, "clean");
  std::vector<double> scores(clean.begin(), clean.end());
  const auto count = static_cast<double>(scores.size());
  const auto above =
      static_cast<double>(detail::alarms_allowed(rate, static_cast<Index>(scores.size())));
  detail::require<OptionError>(above >= 1, who, ": expected at least ",
                               std::ceil(1 / rate * (1 - 1e-12)) - 1,
                               " clean scores for a rate of ", rate, ", found ", count);
  const auto at = scores.end() - static_cast<std::ptrdiff_t>(above);
  std::nth_element(scores.begin(), at, scores.end());
  const double tail = (1 - confidence) / 2;
  return {*at, above / (count + 1), detail::beta_quantile(above, count + 1 - above, tail),
          detail::beta_quantile(above, count + 1 - above, 1 - tail)};
}

/// The threshold above which a share `contamination` of the scores lies, which is known to be that
/// of the anomalies among them. Throws OptionError for a share outside [0, 1] or no scores, and
/// DataError for scores that are not finite.
/// ~~~{.cpp}
/// const double threshold = ae::contamination_threshold(scores, 0.05);  // 1 in 20 is an anomaly
/// ~~~
template <class Values = std::vector<double>>
double contamination_threshold(const Values& scores, double contamination) {
  constexpr const char* who = "contamination threshold";
  detail::require<OptionError>(contamination >= 0 && contamination <= 1, who,
                               ": expected a share from 0 to 1, found ", contamination);
  detail::require_finite_scores(scores, who, "scores");
  return quantile(scores, 1 - contamination);
}

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "ae/detail/core/require.hpp"

/// How well scores part two kinds of samples, of which the positives (anomalies) should have the
/// higher ones. All take the scores of negatives and of positives, vectors of any kind, and throw
/// OptionError unless there are scores of both, and DataError for one that is NaN or infinite.
namespace ae::inline AE_ABI {

namespace detail {

/// How many of each kind have one score, and how many that or a higher one.
struct RankedStep {
  double score;
  double negatives, positives;
  double negatives_above, positives_above;  ///< with those of this step
};

inline void require_finite_scores(const auto& scores, const char* who, const char* which) {
  Index at = 0;
  for (const double score : scores) {
    require<DataError>(std::isfinite(score), who, ", ", which, ": expected finite scores, found ",
                       score, " as value ", at);
    ++at;
  }
}

/// One for each different score, the highest first.
std::vector<RankedStep> ranked(const auto& negatives, const auto& positives, const char* who) {
  const auto count = [](const auto& scores) { return static_cast<std::size_t>(scores.size()); };
  require<OptionError>(count(negatives) > 0 && count(positives) > 0, who,
                       ": expected scores of both kinds, found ", count(negatives), " and ",
                       count(positives));
  require_finite_scores(negatives, who, "negatives");
  require_finite_scores(positives, who, "positives");
  std::vector<std::pair<double, bool>> all;
  all.reserve(count(negatives) + count(positives));
  for (const double score : negatives) all.emplace_back(score, false);
  for (const double score : positives) all.emplace_back(score, true);
  std::sort(all.begin(), all.end(), std::greater<>());
  std::vector<RankedStep> steps;
  for (const auto& [score, positive] : all) {
    if (steps.empty() || score < steps.back().score) {
      steps.push_back({score, 0, 0, 0, 0});
      if (steps.size() > 1) {
        steps.back().negatives_above = (steps.end() - 2)->negatives_above;
        steps.back().positives_above = (steps.end() - 2)->positives_above;
      }
    }
    RankedStep& step = steps.back();
    (positive ? step.positives : step.negatives) += 1;
    (positive ? step.positives_above : step.negatives_above) += 1;
  }
  return steps;
}

}  // namespace detail

/// The chance that a positive scores above a negative, ties half: the area under the curve of the
/// receiver's operating characteristic. Hanley and McNeil, Radiology 143, 1982.
/// ~~~{.cpp}
/// const double auc = ae::area_under_curve(ae::score(model, normal), ae::score(model, odd));
/// ~~~
template <class Negatives = std::vector<double>, class Positives = std::vector<double>>
double area_under_curve(const Negatives& negatives, const Positives& positives) {
  const auto steps = detail::ranked(negatives, positives, "area under the curve");
  double won = 0;
  for (const auto& step : steps) {
    won += step.negatives * (step.positives_above - step.positives / 2);
  }
  return won / steps.back().negatives_above / steps.back().positives_above;
}

/// The area under the curve of precision over recall, as a sum of steps: the mean over the
/// positives of the precision at their scores. Scores that say nothing have the share of the
/// positives.
/// ~~~{.cpp}
/// const double precision = ae::average_precision(negatives, positives);
/// ~~~
template <class Negatives = std::vector<double>, class Positives = std::vector<double>>
double average_precision(const Negatives& negatives, const Positives& positives) {
  const auto steps = detail::ranked(negatives, positives, "average precision");
  double sum = 0;
  for (const auto& step : steps) {
    const double above = step.negatives_above + step.positives_above;
    sum += step.positives * step.positives_above / above;
  }
  return sum / steps.back().positives_above;
}

/// The share of positives among the `count` samples of the highest scores; of samples that tie for
/// the last places, what is expected of a choice by lot. Throws OptionError unless there are so
/// many samples, and at least one is asked for.
/// ~~~{.cpp}
/// const double share = ae::precision_at(negatives, positives, 20);  // of the 20 oddest
/// ~~~
template <class Negatives = std::vector<double>, class Positives = std::vector<double>>
double precision_at(const Negatives& negatives, const Positives& positives, Index count) {
  const auto steps = detail::ranked(negatives, positives, "precision at k");
  const double all = steps.back().negatives_above + steps.back().positives_above;
  const auto wanted = static_cast<double>(count);
  detail::require<OptionError>(wanted >= 1 && wanted <= all,
                               "precision at k: expected a k from 1 to the ", all,
                               " samples, found ", count);
  double found = 0, left = wanted;
  for (const auto& step : steps) {
    const double tied = step.negatives + step.positives, taken = std::min(left, tied);
    found += step.positives * taken / tied;
    left -= taken;
  }
  return found / wanted;
}

/// The best F1 that a threshold gives, and that threshold.
struct BestF1 {
  double f1;         ///< the harmonic mean of precision and recall
  double threshold;  ///< halfway between the lowest score above it and the next one
};

/// The threshold above which scores have the best F1, that is, 2 positives above it / (samples
/// above it + all positives); of several, the highest. The same labels should not both choose a
/// threshold and say how good it is. Van Rijsbergen, "Information retrieval", 1979, chapter 7.
/// ~~~{.cpp}
/// const auto [f1, threshold] = ae::best_f1(negatives, positives);
/// ~~~
template <class Negatives = std::vector<double>, class Positives = std::vector<double>>
BestF1 best_f1(const Negatives& negatives, const Positives& positives) {
  const auto steps = detail::ranked(negatives, positives, "best F1");
  BestF1 best{-1, 0};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    const double above = step.negatives_above + step.positives_above;
    const double f1 = 2 * step.positives_above / (above + steps.back().positives_above);
    if (f1 <= best.f1) continue;
    constexpr double lowest = std::numeric_limits<double>::lowest();
    const double next =
        i + 1 < steps.size() ? steps[i + 1].score : std::nextafter(step.score, lowest);
    const double between = std::midpoint(next, step.score);
    best = {f1, between < step.score ? between : next};
  }
  return best;
}

/// Of the samples that score at least `threshold`.
struct RocPoint {
  double threshold;
  double false_positives;  ///< as a share of the negatives
  double true_positives;   ///< as a share of the positives
};

/// The receiver's operating characteristic: from (0, 0), whose threshold is infinite, a point for
/// each different score, the highest first, to (1, 1).
/// ~~~{.cpp}
/// for (const ae::RocPoint& point : ae::roc_curve(negatives, positives)) {
///   std::cout << point.false_positives << ' ' << point.true_positives << '\n';
/// }
/// ~~~
template <class Negatives = std::vector<double>, class Positives = std::vector<double>>
std::vector<RocPoint> roc_curve(const Negatives& negatives, const Positives& positives) {
  const auto steps = detail::ranked(negatives, positives, "ROC curve");
  std::vector<RocPoint> points = {{std::numeric_limits<double>::infinity(), 0, 0}};
  for (const auto& step : steps) {
    points.push_back({step.score, step.negatives_above / steps.back().negatives_above,
                      step.positives_above / steps.back().positives_above});
  }
  return points;
}

/// Of the samples that score at least `threshold`.
struct PrecisionRecallPoint {
  double threshold;
  double precision;  ///< the share of positives among them
  double recall;     ///< the share of the positives that are among them
};

/// A point for each different score, the highest first; the last has all samples.
/// ~~~{.cpp}
/// for (const auto& point : ae::precision_recall_curve(negatives, positives)) {
///   std::cout << point.recall << ' ' << point.precision << '\n';
/// }
/// ~~~
template <class Negatives = std::vector<double>, class Positives = std::vector<double>>
std::vector<PrecisionRecallPoint> precision_recall_curve(const Negatives& negatives,
                                                         const Positives& positives) {
  const auto steps = detail::ranked(negatives, positives, "precision-recall curve");
  std::vector<PrecisionRecallPoint> points;
  for (const auto& step : steps) {
    const double above = step.negatives_above + step.positives_above;
    points.push_back({step.score, step.positives_above / above,
                      step.positives_above / steps.back().positives_above});
  }
  return points;
}

}  // namespace ae::inline AE_ABI

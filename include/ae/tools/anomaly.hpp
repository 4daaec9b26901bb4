#pragma once

#include <algorithm>
#include <vector>

#include "ae/detail/data/source.hpp"

/// Anomaly detection by reconstruction: a model gives back best what is like its training data.
/// Sakurada and Yairi, "Anomaly detection using autoencoders with nonlinear dimensionality
/// reduction", MLSDA 2014. Models are anything with `reconstruct(x)`, `features()`, and a
/// threshold.
namespace ae {

/// The squared error of each value of x (features x samples), in squared units of the data: which
/// features make a sample odd. Throws ShapeError.
template <class Model>
Matrix<typename Model::Scalar> feature_errors(const Model& model,
                                              const ConstMatrixRef<typename Model::Scalar>& x) {
  return (model.reconstruct(x) - x).cwiseAbs2();
}

/// The score of each sample of x (features x samples): its mean squared error. Throws ShapeError.
template <class Model>
Vector<typename Model::Scalar> score(const Model& model,
                                     const ConstMatrixRef<typename Model::Scalar>& x) {
  return feature_errors(model, x).colwise().mean().transpose();
}

/// The scores of all samples of a matrix or a source. Throws ShapeError for samples of another
/// width than the model's, or none.
template <class Model, class Data>
std::vector<double> scores(const Model& model, const Data& data) {
  const auto& source = detail::as_source(data);
  detail::require_samples(source, model.features(), "anomaly scores");
  std::vector<double> all;
  all.reserve(static_cast<std::size_t>(source.samples()));
  detail::for_each_chunk<typename Model::Scalar>(source, [&](const auto& x, Index) {
    for (const auto value : score(model, x)) all.push_back(static_cast<double>(value));
  });
  return all;
}

/// The value that a share `level` of the values does not exceed, linear between neighbours. Hyndman
/// and Fan, "Sample quantiles in statistical packages", The American Statistician 50, 1996,
/// definition 7. Throws OptionError for a level outside [0, 1], or no values.
inline double quantile(std::vector<double> values, double level) {
  detail::require<OptionError>(level >= 0 && level <= 1,
                               "quantile: expected a level from 0 to 1, found ", level);
  detail::require<OptionError>(!values.empty(),
                               "quantile: expected at least one value, found none");
  const double at = level * static_cast<double>(values.size() - 1);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(at);
  std::nth_element(values.begin(), below, values.end());
  if (below + 1 == values.end()) return *below;
  const double next = *std::min_element(below + 1, values.end());
  return *below + (at - std::floor(at)) * (next - *below);
}

/// Sets the model's threshold to a quantile of the scores of clean samples that it was not trained
/// on; 1 - level of such samples are then taken for anomalies. Returns it. Throws as `scores` and
/// `quantile` do.
template <class Model, class Data>
double calibrate(Model& model, const Data& clean, double level = 0.99) {
  model.set_threshold(quantile(scores(model, clean), level));
  return *model.threshold();
}

/// Which samples of x (features x samples) score above the model's threshold. Throws ShapeError,
/// and OptionError for a model without a threshold.
template <class Model>
Eigen::Array<bool, Eigen::Dynamic, 1> anomalies(const Model& model,
                                                const ConstMatrixRef<typename Model::Scalar>& x) {
  detail::require<OptionError>(
      model.threshold().has_value(),
      "anomalies: expected a model with a threshold (see calibrate), found none");
  return score(model, x).array().template cast<double>() > *model.threshold();
}

/// The chance that a positive scores above a negative, ties half: the area under the curve of the
/// receiver's operating characteristic. Hanley and McNeil, Radiology 143, 1982. Throws OptionError
/// unless there are scores of both.
inline double area_under_curve(const std::vector<double>& negatives,
                               const std::vector<double>& positives) {
  detail::require<OptionError>(!negatives.empty() && !positives.empty(),
                               "area under the curve: expected scores of both kinds, found ",
                               negatives.size(), " and ", positives.size());
  std::vector<double> sorted = negatives;
  std::sort(sorted.begin(), sorted.end());
  double won = 0;
  for (const double score : positives) {
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), score);
    won += static_cast<double>(low - sorted.begin()) + static_cast<double>(high - low) / 2;
  }
  return won / static_cast<double>(negatives.size()) / static_cast<double>(positives.size());
}

}  // namespace ae

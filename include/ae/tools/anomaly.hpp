#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <vector>

#include "ae/detail/data/source.hpp"

/// Anomaly detection by reconstruction: a model gives back best what is like its training data.
/// Sakurada and Yairi, "Anomaly detection using autoencoders with nonlinear dimensionality
/// reduction", MLSDA 2014. Models are anything with `reconstruct(x)`, `features()`, and a
/// threshold.
namespace ae::inline AE_ABI {

/// The squared error of each value of x (features x samples), in squared units of the data: which
/// features make a sample odd. Throws ShapeError.
template <class Model>
Matrix<typename Model::Scalar> feature_errors(const Model& model,
                                              const ConstMatrixRef<typename Model::Scalar>& x) {
  return (model.reconstruct(x) - x).cwiseAbs2();
}

/// The score of each sample of a matrix (features x samples) or a source: its mean squared error,
/// in squared units of the data. Computed some samples at a time. Throws ShapeError for samples of
/// another width than the model's, or none.
template <class Model, Samples<typename Model::Scalar> Data>
Vector<double> score(const Model& model, const Data& data) {
  const auto& source = detail::as_source(data);
  detail::require_samples(source, model.features(), "score");
  Vector<double> all(source.samples());
  detail::for_each_chunk<typename Model::Scalar>(source, [&](const auto& x, Index first) {
    const auto scores = feature_errors(model, x).colwise().mean().transpose().eval();
    all.segment(first, x.cols()) = scores.template cast<double>();
  });
  return all;
}

/// The value that a share `level` of the values (a vector of any kind) does not exceed, linear
/// between neighbours. Hyndman and Fan, "Sample quantiles in statistical packages", The American
/// Statistician 50, 1996, definition 7. Throws OptionError for a level outside [0, 1], or no
/// values.
template <class Values = std::vector<double>>
double quantile(const Values& values, double level) {
  detail::require<OptionError>(level >= 0 && level <= 1,
                               "quantile: expected a level from 0 to 1, found ", level);
  std::vector<double> parted(static_cast<std::size_t>(values.size()));
  std::copy(values.begin(), values.end(), parted.begin());
  detail::require<OptionError>(!parted.empty(),
                               "quantile: expected at least one value, found none");
  const double at = level * static_cast<double>(parted.size() - 1);
  const auto below = parted.begin() + static_cast<std::ptrdiff_t>(at);
  std::nth_element(parted.begin(), below, parted.end());
  if (below + 1 == parted.end()) return *below;
  const double next = *std::min_element(below + 1, parted.end());
  return *below + (at - std::floor(at)) * (next - *below);
}

/// Sets the model's threshold to a quantile of the scores of clean samples that it was not trained
/// on; 1 - level of such samples are then taken for anomalies. Returns it. Throws as `score` and
/// `quantile` do.
template <class Model, Samples<typename Model::Scalar> Data>
double calibrate(Model& model, const Data& clean, double level = 0.99) {
  model.set_threshold(quantile(score(model, clean), level));
  return *model.threshold();
}

/// Which samples of a matrix (features x samples) or a source score above the model's threshold.
/// Throws ShapeError as `score` does, and OptionError for a model without a threshold.
template <class Model, Samples<typename Model::Scalar> Data>
Eigen::Array<bool, Eigen::Dynamic, 1> anomalies(const Model& model, const Data& data) {
  detail::require<OptionError>(
      model.threshold().has_value(),
      "anomalies: expected a model with a threshold (see calibrate), found none");
  return score(model, data).array() > *model.threshold();
}

/// The chance that a positive scores above a negative, ties half: the area under the curve of the
/// receiver's operating characteristic. Hanley and McNeil, Radiology 143, 1982. Throws OptionError
/// unless there are scores of both.
template <class Negatives = std::vector<double>, class Positives = std::vector<double>>
double area_under_curve(const Negatives& negatives, const Positives& positives) {
  std::vector<double> sorted(negatives.begin(), negatives.end());
  const auto count = static_cast<double>(positives.size());
  detail::require<OptionError>(!sorted.empty() && count > 0,
                               "area under the curve: expected scores of both kinds, found ",
                               sorted.size(), " and ", positives.size());
  std::sort(sorted.begin(), sorted.end());
  double won = 0;
  for (const double score : positives) {
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), score);
    won += static_cast<double>(low - sorted.begin()) + static_cast<double>(high - low) / 2;
  }
  return won / static_cast<double>(sorted.size()) / count;
}

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/quantile.hpp"
#include "ae/data/ranking.hpp"
#include "ae/detail/data/evaluate.hpp"

/// Anomaly detection by reconstruction: a model gives back best what is like its training data.
/// Sakurada and Yairi, "Anomaly detection using autoencoders with nonlinear dimensionality
/// reduction", MLSDA 2014. Models are anything with `reconstruct(x)`, `features()`, and a
/// threshold.
namespace ae::inline AE_ABI {

/// The squared error of each value of x (features x samples): which features make a sample odd. In
/// squared units of the data, or in squared scaled units where the model's scaler has a divisor for
/// each feature; 0 where a value is missing. Throws ShapeError, and DataError for samples that are
/// not finite or have no value.
/// ~~~{.cpp}
/// const ae::Matrix<float> errors = ae::feature_errors(model, odd);  // features x samples
/// ~~~
template <class Model>
Matrix<typename Model::Scalar> feature_errors(const Model& model,
                                              const ConstMatrixRef<typename Model::Scalar>& x) {
  using Scalar = typename Model::Scalar;
  Matrix<Scalar> y = model.reconstruct(x), target = x;
  detail::to_units_of_loss<Scalar>(detail::scaler_of<Scalar>(model), target, y, 0, "score");
  return (y - target).cwiseAbs2();
}

/// The score of each sample of a matrix (features x samples) or a source: the mean of its feature
/// errors over the values that are there. Computed some samples at a time. Throws ShapeError for
/// samples of another width than the model's, or none, and DataError as `feature_errors` does.
/// ~~~{.cpp}
/// const ae::Vector<double> scores = ae::score(model, x);
/// ~~~
template <class Model, Samples<typename Model::Scalar> Data>
Vector<double> score(const Model& model, const Data& data) {
  using Scalar = typename Model::Scalar;
  const auto& source = detail::as_source(data);
  detail::require_samples(source, model.features(), "score");
  const Scaler<Scalar>& scaler = detail::scaler_of<Scalar>(model);
  Vector<double> all(source.samples());
  detail::for_each_chunk<Scalar>(source, [&](const MatrixRef<Scalar>& x, Index first) {
    Matrix<Scalar> y = model.reconstruct(x);
    const Vector<double> there =
        (x.array() == x.array()).colwise().count().template cast<double>().transpose();
    detail::to_units_of_loss<Scalar>(scaler, x, y, first, "score");
    const Vector<Scalar> sums = (y - x).cwiseAbs2().colwise().sum().transpose();
    all.segment(first, x.cols()) = sums.template cast<double>().array() / there.array();
  });
  return all;
}

/// Sets the model's threshold to a quantile of the scores of clean samples that it was not trained
/// on; 1 - level of such samples are then taken for anomalies. Returns it. Throws as `score` and
/// `quantile` do.
/// ~~~{.cpp}
/// ae::calibrate(model, held_out, 0.999);  // one false alarm in a thousand
/// ae::save(model, "model.safetensors");   // with the threshold
/// ~~~
template <class Model, Samples<typename Model::Scalar> Data>
double calibrate(Model& model, const Data& clean, double level = 0.99) {
  model.set_threshold(quantile(score(model, clean), level));
  return *model.threshold();
}

/// Which samples of a matrix (features x samples) or a source score above the model's threshold.
/// Throws ShapeError as `score` does, and OptionError for a model without a threshold.
/// ~~~{.cpp}
/// std::cout << ae::anomalies(model, x).count() << " of " << x.cols() << " samples are odd\n";
/// ~~~
template <class Model, Samples<typename Model::Scalar> Data>
Eigen::Array<bool, Eigen::Dynamic, 1> anomalies(const Model& model, const Data& data) {
  detail::require<OptionError>(
      model.threshold().has_value(),
      "anomalies: expected a model with a threshold (see calibrate), found none");
  return !(score(model, data).array() <= *model.threshold());
}

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>

#include "ae/detail/data/source_ref.hpp"
#include "ae/models/inference.hpp"

namespace ae::inline AE_ABI {

/// What rounded weights cost on some samples, in the units of the data.
struct InferenceError {
  double root_mean_square = 0;  ///< of the differences between both reconstructions
  double largest = 0;           ///< of these differences, without their signs
  double model_mse = 0;         ///< mean squared error of the model's reconstructions, over the
                                ///< values that are there
  double inference_mse = 0;     ///< and of those of `Inference`
};

/// Compares an `Inference` with its model on samples (features x samples) or a source.
/// ~~~{.cpp}
/// const ae::Inference<float, ae::Int8> small(model);
/// const auto error = ae::inference_error(small, model, held_out);
/// ~~~
/// Throws ShapeError for no samples or those of another width.
template <class Scalar, class Format, detail::HasLayers Model, Samples<Scalar> Data>
InferenceError inference_error(const Inference<Scalar, Format>& inference, const Model& model,
                               const Data& data) {
  const auto& source = detail::as_source(data);
  detail::require_samples(source, model.features(), "inference_error");
  typename Inference<Scalar, Format>::Workspace workspace;
  Vector<Scalar> y(model.features());
  InferenceError error;
  double there = 0;
  const auto square = [](const auto& found, const auto& x) {
    const Vector<double> all = (found - x).template cast<double>();
    return x.array().isNaN().select(0.0, all.array()).square().sum();
  };
  detail::for_each_chunk<Scalar>(source, [&](const MatrixRef<Scalar>& x, Index) {
    const Matrix<Scalar> expected = model.reconstruct(x);
    for (Index j = 0; j < x.cols(); ++j) {
      inference.reconstruct(x.col(j), y, workspace);
      const Vector<double> difference = (y - expected.col(j)).template cast<double>();
      error.root_mean_square += difference.squaredNorm();
      const double largest = difference.cwiseAbs().template maxCoeff<Eigen::PropagateNaN>();
      if (!(largest <= error.largest)) error.largest = largest;
      error.model_mse += square(expected.col(j), x.col(j));
      error.inference_mse += square(y, x.col(j));
      there += static_cast<double>(y.size() - x.col(j).array().isNaN().count());
    }
  });
  const double values = static_cast<double>(source.samples()) * static_cast<double>(y.size());
  error.root_mean_square = std::sqrt(error.root_mean_square / values);
  error.model_mse /= there;
  error.inference_mse /= there;
  return error;
}

}  // namespace ae::inline AE_ABI

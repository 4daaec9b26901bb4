#pragma once

#include "ae/models/pca.hpp"
#include "ae/models/stacked_autoencoder.hpp"

namespace ae {

namespace detail {

/// [m; -m] and [m, -m].
template <class Scalar>
Matrix<Scalar> above_itself(const Matrix<Scalar>& m) {
  Matrix<Scalar> both(2 * m.rows(), m.cols());
  both << m, -m;
  return both;
}
template <class Scalar>
Matrix<Scalar> beside_itself(const Matrix<Scalar>& m) {
  Matrix<Scalar> both(m.rows(), 2 * m.cols());
  both << m, -m;
  return both;
}

/// What f(z) - f(-z) is of z. Throws OptionError unless it is the same share of all z.
template <class Scalar>
Scalar pair_gain(const auto& layer) {
  Eigen::Array<Scalar, 4, 1> z;
  z << 1, -1, 8, -8;
  const Eigen::Array<Scalar, 4, 1> y = layer.activation().value(z);
  const Scalar gain = y[0] - y[1], far = (y[2] - y[3]) / 8;
  detail::require<OptionError>(
      std::abs(far - gain) < Scalar(1e-3) && gain > 0,
      "initialize_in_pairs: expected hidden layers of an activation like relu, whose two ",
      "halves are straight, found ", layer.name());
  return gain;
}

}  // namespace detail

/// Initialises a model of sizes features-hidden-code-hidden-features from principal component
/// analysis with as many components, by hidden units in pairs: f(z) and f(-z), whose difference is
/// linear in z if f is ReLU or leaky ReLU. Unlike units that are shifted into their linear part,
/// all of them have their kink where the data are, so training can bend each of them. Balduzzi,
/// Frean, Leary, Lewis, Ma and McWilliams, "The shattered gradients problem", ICML 2017, section 4
/// ("looks linear"). Hidden units that are not needed keep their weights; their outgoing weights
/// are zero. Sets the model's scaler to the mean of the data and the root of their mean variance.
/// Returns the components.
///
/// Throws ShapeError for a model of other than four layers, hidden layers of fewer than twice the
/// code's units, or data of another width; OptionError for hidden layers of another activation, or
/// other layers that are not linear.
template <class Model, Samples<double> Data>
Pca<typename Model::Scalar> initialize_in_pairs(Model& model, const Data& data) {
  using Scalar = typename Model::Scalar;
  const Index code = model.code_size();
  detail::require<ShapeError>(
      model.layers() == 4 && model.code_layer() == 1,
      "initialize_in_pairs: expected 4 layers, two of them of the encoder, found ", model.layers(),
      " and ", model.code_layer() + 1);
  const auto pca = Pca<Scalar>::fit(data, code);
  const auto scale =
      static_cast<Scalar>(std::sqrt(pca.total_variance() / static_cast<double>(model.features())));
  model.set_scaler({pca.mean(), scale});
  const Vector<Scalar> deviations =
      pca.variances().head(code).cwiseSqrt().template cast<Scalar>() / scale;

  const Matrix<Scalar> one = Matrix<Scalar>::Identity(code, code);
  const auto set = [&](Index layer, const Matrix<Scalar>& weight, bool into_pairs) {
    model.visit(layer, [&](auto& found) {
      detail::require<ShapeError>(
          !into_pairs || found.outputs() >= 2 * code, "initialize_in_pairs: expected ", 2 * code,
          " hidden units or more in layer ", layer, ", found ", found.outputs());
      Matrix<Scalar> all = found.weight();
      if (into_pairs) {
        all.topRows(2 * code) = detail::above_itself(weight) / detail::pair_gain<Scalar>(found);
      } else {
        detail::require<OptionError>(found.name() == Identity::name,
                                     "initialize_in_pairs: expected layer ", layer,
                                     " to be linear, found ", found.name());
        all.setZero();
        all.leftCols(2 * code) = detail::beside_itself(weight);
      }
      found.set_weight(all);
      found.set_bias(Vector<Scalar>::Zero(found.outputs()));
    });
  };
  set(0, deviations.cwiseInverse().asDiagonal() * pca.components().transpose(), true);
  set(1, one, false);
  set(2, one, true);
  set(3, pca.components() * deviations.asDiagonal(), false);
  return pca;
}

}  // namespace ae

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/tools/scaler_for.hpp"
#include "ae/models/stacked_autoencoder.hpp"

namespace ae::inline AE_ABI {

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

/// Throws unless a model has the layers that pairs go through, for so many units of the code.
void require_room_for_pairs(const auto& model, Index code) {
  require<ShapeError>(model.layers() == 4 && model.code_layer() == 1,
                      "initialize_in_pairs: expected 4 layers, two of them of the encoder, found ",
                      model.layers(), " and ", model.code_layer() + 1);
  for (Index i = 0; i < 4; ++i) {
    model.visit(i, [&]<class Layer>(const Layer& layer) {
      if (i % 2 == 0) {
        require<ShapeError>(layer.outputs() >= 2 * code, "initialize_in_pairs: expected ", 2 * code,
                            " hidden units or more in layer ", i, ", found ", layer.outputs());
        pair_gain<typename Layer::Scalar>(layer);
      } else {
        require<OptionError>(layer.name() == Identity::name, "initialize_in_pairs: expected layer ",
                             i, " to be linear, found ", layer.name());
      }
    });
  }
}

}  // namespace detail

/// Initialises a model of sizes features-hidden-code-hidden-features from principal component
/// analysis with as many components, by hidden units in pairs: f(z) and f(-z), whose difference is
/// linear in z if f is ReLU or leaky ReLU. Unlike units that are shifted into their linear part,
/// all of them have their kink where the data are, so training can bend each of them. Balduzzi,
/// Frean, Leary, Lewis, Ma and McWilliams, "The shattered gradients problem", ICML 2017, section 4
/// ("looks linear"). Hidden units that are not needed keep their weights; their outgoing weights
/// are zero. Weights are in the units of the model's scaler; a model without one gets the
/// mean of the data and the root of their mean variance. Returns the components.
///
/// Throws ShapeError for a model of other than four layers, hidden layers of fewer than twice the
/// code's units, or data of another width; OptionError for hidden layers of another activation,
/// other layers that are not linear, or data that vary in fewer directions than the code has units;
/// the model is then as it was.
/// ~~~{.cpp}
/// using Layers = ae::Stack<float, ae::Relu, ae::Identity>;
/// ae::StackedAutoencoder<float, Layers> model({1024, 300, 150});
/// const auto pca = ae::initialize_in_pairs(model, x);  // both have the same error now
/// ~~~
template <class Model, Samples<double> Data>
Pca<typename Model::Scalar> initialize_in_pairs(Model& model, const Data& data) {
  using Scalar = typename Model::Scalar;
  const Index code = model.code_size();
  detail::require_room_for_pairs(model, code);
  detail::require_samples(detail::as_source(data), model.features(), "initialize_in_pairs");
  auto pca = Pca<Scalar>::fit(data, code);
  const Index directions = (pca.variances().array() > 0).count();
  detail::require<OptionError>(directions == code, "initialize_in_pairs: expected data that vary ",
                               "in at least ", code, " directions, found ", directions);
  const auto scaler = detail::scaler_for(model, pca, "initialize_in_pairs");
  const Vector<Scalar> deviations =
      pca.variances().cwiseSqrt().template cast<Scalar>() / scaler.unit();
  const Vector<Scalar> centre = (pca.mean() - scaler.center()) / scaler.unit();
  model.set_scaler(scaler);

  const auto set_hidden = [&](Index i, const Matrix<Scalar>& weight, const Matrix<Scalar>& bias) {
    model.visit(i, [&](auto& layer) {
      const Scalar gain = detail::pair_gain<Scalar>(layer);
      Matrix<Scalar> all = layer.weight();
      all.topRows(2 * code) = detail::above_itself(weight) / gain;
      Vector<Scalar> biases = Vector<Scalar>::Zero(layer.outputs());
      biases.head(2 * code) += detail::above_itself(bias) / gain;
      layer.set_weight(all);
      layer.set_bias(biases);
    });
  };
  const auto set_linear = [&](Index i, const Matrix<Scalar>& weight, const Vector<Scalar>& bias) {
    model.visit(i, [&](auto& layer) {
      Matrix<Scalar> all = Matrix<Scalar>::Zero(layer.outputs(), layer.inputs());
      all.leftCols(2 * code) = detail::beside_itself(weight);
      layer.set_weight(all);
      layer.set_bias(bias);
    });
  };
  const Matrix<Scalar> one = Matrix<Scalar>::Identity(code, code);
  const Vector<Scalar> none = Vector<Scalar>::Zero(code);
  const Matrix<Scalar> whiten =
      deviations.cwiseInverse().asDiagonal() * pca.components().transpose();
  set_hidden(0, whiten, whiten * -centre);
  set_linear(1, one, none);
  set_hidden(2, one, none);
  set_linear(3, pca.components() * deviations.asDiagonal(), centre);
  return pca;
}

}  // namespace ae::inline AE_ABI

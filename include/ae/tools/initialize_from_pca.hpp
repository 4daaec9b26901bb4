#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/core/ceil_div.hpp"
#include "ae/detail/tools/operating_point.hpp"
#include "ae/detail/tools/scaler_for.hpp"
#include "ae/parts/initializer.hpp"

namespace ae::inline AE_ABI {

namespace detail {

/// The codes of the samples under principal components, divided by `scale`: an even selection of a
/// few thousand of them (components x thinned), and the largest absolute value of each component.
struct PrincipalCodes {
  Matrix<double> thinned;
  Vector<double> reach;

  template <Source<double> Data>
  PrincipalCodes(const Pca<double>& pca, const Data& source, double scale)
      : reach(Vector<double>::Zero(pca.code_size())) {
    const Index every = ceil_div(source.samples(), 2048);
    thinned.resize(pca.code_size(), ceil_div(source.samples(), every));
    detail::for_each_chunk<double>(source, [&](const auto& x, Index first) {
      const Matrix<double> codes = pca.encode(x) / scale;
      reach = reach.cwiseMax(codes.cwiseAbs().rowwise().maxCoeff());
      for (Index i = 0; i < codes.cols(); ++i) {
        if ((first + i) % every == 0) thinned.col((first + i) / every) = codes.col(i);
      }
    });
  }
};

/// How principal codes t follow from the input x of a layer: t = weight x + bias.
struct Readout {
  Matrix<double> weight;
  Vector<double> bias;
};

template <class Layer>
void set_affine(Layer& layer, const Matrix<double>& weight, const Vector<double>& bias) {
  using Scalar = typename Layer::Scalar;
  layer.set_weight(weight.template cast<Scalar>());
  layer.set_bias(bias.template cast<Scalar>());
}

/// Makes a layer pass on as many principal codes as it has units. Units that are left over take the
/// codes by random weights of the usual size; their outgoing weights are zero. Returns the next
/// readout.
template <class Layer>
Readout carry(Layer& layer, const Readout& input, const PrincipalCodes& codes, double allowed,
              const Random& random) {
  const Index carried = std::min(layer.outputs(), input.weight.rows());
  Matrix<double> mix(layer.outputs(), input.weight.rows());
  XavierUniform{}(mix, random);
  mix *= input.weight.rowwise().norm().cwiseMax(1).cwiseInverse().asDiagonal();
  mix.topRows(carried).setZero();
  Vector<double> shift = Vector<double>::Zero(layer.outputs());
  Readout output{Matrix<double>::Zero(carried, layer.outputs()), Vector<double>(carried)};
  for (Index i = 0; i < carried; ++i) {
    const auto point = detail::nearly_linear<typename Layer::Scalar>(
        layer.activation(), codes.thinned.row(i).transpose(), codes.reach[i], allowed);
    mix(i, i) = point.gain;
    shift[i] = point.shift;
    output.weight(i, i) = point.slope;
    output.bias[i] = point.offset;
  }
  set_affine(layer, mix * input.weight, mix * input.bias + shift);
  return output;
}

/// Throws unless so many principal codes can go through all layers.
void require_way_through(const auto& model, Index codes) {
  for (Index i = 0; i + 1 < model.layers(); ++i) {
    model.visit(i, [&](const auto& layer) {
      detail::require<ShapeError>(layer.outputs() >= codes,
                                  "initialize_from_pca: expected layers of at least the ", codes,
                                  " units of the code, found ", layer.outputs(), " in layer ", i);
    });
  }
  model.visit(model.layers() - 1, [](const auto& layer) {
    using Values = Eigen::Array<typename std::decay_t<decltype(layer)>::Scalar, 4, 1>;
    const Values probe{-2, -1, 1, 2};
    detail::require<OptionError>((Values(layer.activation().value(probe)) == probe).all(),
                                 "initialize_from_pca: expected a linear output layer, found ",
                                 layer.name());
  });
}

}  // namespace detail

/// Sets all weights and biases of an autoencoder of dense layers so that it begins as the principal
/// component analysis of the data: at PCA's error of the same code size, within 1 %, whatever the
/// hidden activations (the code's too), or within a millionth of the variance where PCA loses less.
/// Each layer passes on the leading principal codes, one a unit, where its activation is nearly
/// linear, and the next undoes what that did to them. Units beyond the code's size pass on further
/// codes or, beyond the features or after the code, take codes by random weights, drawn from the
/// seed; their outgoing weights are zero at first.
/// ~~~{.cpp}
/// ae::StackedAutoencoder model({1024, 300, 150});
/// ae::initialize_from_pca(model, x);
/// model.fit(x, options);
/// ~~~
/// Weights are in the units of the model's scaler, so it is set before, or left to this function: a
/// model without one gets the mean of the data and the root of their mean variance.
///
/// Baldi and Hornik, Neural Networks 2, 1989, show that no linear network is better. In float, data
/// of which PCA loses very little may cost more than 1 %, by rounding. Throws ShapeError for data
/// of other features or a layer narrower than the code, OptionError for an output layer that is not
/// linear or samples that are not finite; the model is then as it was.
template <class Model, Samples<double> Data>
void initialize_from_pca(Model& model, const Data& data, std::uint64_t seed = 0) {
  const auto& source = detail::as_source(data);
  detail::require_samples(source, model.features(), "initialize_from_pca");
  const Index code = std::min(model.code_size(), model.features());
  detail::require_way_through(model, code);
  Index widest = 0;
  model.visit(0, [&](const auto& layer) { widest = std::min(layer.outputs(), layer.inputs()); });
  const auto pca = Pca<double>::fit(source, widest);
  detail::require<OptionError>(
      std::isfinite(pca.total_variance()),
      "initialize_from_pca: expected finite samples, found one that is not finite");

  const auto scaler = detail::scaler_for(model, pca, "initialize_from_pca");
  const auto scale = static_cast<double>(scaler.unit());
  const detail::PrincipalCodes codes(pca, source, scale);
  Vector<typename Model::Scalar> scaled_mean = pca.mean().template cast<typename Model::Scalar>();
  scaler.scale(scaled_mean);
  const Vector<double> mean = scaled_mean.template cast<double>();

  // The errors of the layers may add up: L layers of error e, in step, make an error of L^2 e.
  const Index last = model.layers() - 1;
  const double lost = pca.total_variance() - pca.variances().head(code).sum();
  const double allowed = 0.005 * std::max(lost, 1e-6 * pca.total_variance()) /
                         (scale * scale * static_cast<double>(last * last * code));

  model.set_scaler(scaler);
  detail::Readout readout{pca.components().transpose(), -pca.components().transpose() * mean};
  for (Index i = 0; i < last; ++i) {
    const Random random(seed, Purpose::initialise, static_cast<std::uint32_t>(i));
    model.visit(
        i, [&](auto& layer) { readout = detail::carry(layer, readout, codes, allowed, random); });
  }
  const Matrix<double> back = pca.components().leftCols(readout.weight.rows());
  model.visit(last, [&](auto& layer) {
    detail::set_affine(layer, back * readout.weight, back * readout.bias + mean);
  });
}

}  // namespace ae::inline AE_ABI

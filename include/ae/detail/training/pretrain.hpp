#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/layers/tied.hpp"
#include "ae/detail/training/fit.hpp"

namespace ae::inline AE_ABI::detail {

/// Samples as the first layers of a network see them, as a source.
template <class Scalar>
class Encoded {
 public:
  Encoded(const SourceRef<Scalar>& data, const Scaler<Scalar>& scaler,
          std::vector<LayerRef<Scalar>> layers)
      : data_(data), scaler_(scaler), layers_(std::move(layers)) {}

  Index samples() const { return data_.samples(); }
  Index features() const { return layers_.empty() ? data_.features() : layers_.back().outputs; }

  void read(std::span<const Index> picks, MatrixRef<Scalar> x) const {
    Matrix<Scalar> y(data_.features(), x.cols());
    data_.read(picks, MatrixRef<Scalar>(y));
    scaler_.scale(y);
    Product<Scalar> product;
    for (const LayerRef<Scalar>& layer : layers_) {
      Matrix<Scalar> next(layer.outputs, y.cols());
      layer.forward(product, linalg::const_view(y), linalg::view(next), linalg::no_view<Scalar>(),
                    {});
      y.swap(next);
    }
    x = y;
  }

 private:
  SourceRef<Scalar> data_;
  const Scaler<Scalar>& scaler_;
  std::vector<LayerRef<Scalar>> layers_;
};

/// The mean loss of layers on samples in their own units.
template <class Scalar, class L>
double network_loss(const std::vector<LayerRef<Scalar>>& layers, const SourceRef<Scalar>& data,
                    const L& loss) {
  double sum = 0;
  Workspace<Scalar> workspace;
  for_each_chunk<Scalar>(data, [&](const auto& x, Index) {
    const auto input = linalg::const_view(x);
    forward<Scalar>(layers, input, workspace);
    sum += loss_sum<Scalar>(
        loss, linalg::const_view(workspace.output(static_cast<Index>(layers.size()) - 1)), input);
  });
  return sum / static_cast<double>(data.samples() * data.features());
}

/// Layer i of the encoder and the one that undoes it, as a network of their own.
template <class Scalar>
TrainableNetwork<Scalar> shallow(const TrainableNetwork<Scalar>& network, Index i) {
  TrainableNetwork<Scalar> two;
  two.in_training = network.in_training;
  two.least_batch = network.least_batch;
  for (const Index layer : {i, mirror(network, i)}) {
    two.layers.push_back(network.layer(layer));
    two.backward.push_back(network.backward_layer(layer));
    for (Index p = 0; p < network.parameters.count(layer); ++p) {
      two.parameters.add(network.parameter(layer, p));
    }
    two.parameters.end_layer();
  }
  return two;
}

/// Trains layer after layer of the encoder, with its mirror image in the decoder, on what the
/// layers before it give; losses are in the units of the network. Throws as `fit` does, and
/// ShapeError unless the decoder mirrors the encoder.
template <class Network, class Data, class... Parts, class Scalar = typename Network::Scalar>
std::vector<History> pretrain(Network& network, Scaler<Scalar>& scaler, const Data& source,
                              const FitOptions& options, const FitParts<Parts...>& parts) {
  static_assert(!FitParts<Parts...>::template has<kind::Validation>,
                "pretrain: set samples aside by validation_split instead");
  const auto all = trainable_with<FitParts<Parts...>>(network);
  require_mirrored(all);
  const auto layers_as_used = layer_refs(network);
  const SourceRef<Scalar> data(source);
  require_samples(data, all.layers.front().inputs, "fit");
  require<OptionError>(scaler.missing() == Missing::refused,
                       "pretrain: expected a model that takes no missing values, found one that "
                       "does; train it by fit alone");
  const Scaler<Scalar> before = scaler;
  fit_scaler(scaler, data, options);
  FitOptions of_codes = options;
  of_codes.scaling = {};
  of_codes.warn = nullptr;
  Scaler<Scalar> none;
  std::vector<History> histories;
  for (Index i = 0; i < all.size() / 2; ++i) {
    const Encoded<Scalar> codes(data, scaler, {layers_as_used.begin(), layers_as_used.begin() + i});
    const TrainableNetwork<Scalar> layers = shallow(all, i);
    const auto at = [&](Index layer) { return layers_as_used[static_cast<std::size_t>(layer)]; };
    const std::vector<LayerRef<Scalar>> measured{at(i), at(mirror(all, i))};
    TrainingState<Scalar> state;
    const auto measure = [&](const SourceRef<Scalar>& samples) {
      return network_loss(measured, samples, parts.loss());
    };
    try {
      histories.push_back(fit<Scalar>({layers,
                                       state,
                                       none,
                                       SourceRef<Scalar>(codes),
                                       of_codes,
                                       typed_parts<Scalar>(parts),
                                       0,
                                       measure,
                                       {},
                                       {}}));
    } catch (...) {
      if (i == 0 && state.steps == 0) scaler = before;
      throw;
    }
  }
  return histories;
}

}  // namespace ae::inline AE_ABI::detail

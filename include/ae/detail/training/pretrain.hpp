#pragma once

#include "ae/detail/layers/tied.hpp"
#include "ae/detail/training/fit.hpp"

namespace ae::detail {

/// Samples as the first layers of a network see them, as a source.
template <Source Data, class Network>
class Encoded {
 public:
  using Scalar = typename Network::Scalar;

  Encoded(const Data& data, const Scaler<Scalar>& scaler, const Network& network, Index layers)
      : data_(data), scaler_(scaler), network_(network), layers_(layers) {}

  Index samples() const { return data_.samples(); }
  Index features() const {
    Index size = 0;
    network_.visit(layers_, [&](const auto& layer) { size = layer.inputs(); });
    return size;
  }

  template <class To>
  void read(std::span<const Index> picks, MatrixRef<To> x) const {
    Matrix<Scalar> y(data_.features(), x.cols());
    data_.read(picks, MatrixRef<Scalar>(y));
    scaler_.scale(y);
    Product<Scalar> product;
    for (Index i = 0; i < layers_; ++i) {
      network_.visit(i, [&](const auto& layer) {
        Matrix<Scalar> next(layer.outputs(), y.cols());
        layer.forward(product, y, next);
        y.swap(next);
      });
    }
    x = y.template cast<To>();
  }

 private:
  const Data& data_;
  const Scaler<Scalar>& scaler_;
  const Network& network_;
  Index layers_;
};

/// The mean loss of a network on samples in its own units.
template <class Network, Source Data>
double network_loss(const Network& network, const Data& data, const auto& loss) {
  using Scalar = typename Network::Scalar;
  double sum = 0;
  Workspace<Scalar> workspace;
  for_each_chunk<Scalar>(data, [&](const auto& x, Index) {
    forward(network, x, workspace);
    const auto y = workspace.output(network.size() - 1);
    sum += loss.value(y.array(), x.array()).template cast<double>().sum();
  });
  return sum / static_cast<double>(data.samples() * data.features());
}

/// Trains layer after layer of the encoder, with its mirror image in the decoder, on what the
/// layers before it give; losses are in the units of the network. Throws as `fit` does, and
/// ShapeError unless the decoder mirrors the encoder.
template <class Network, Source Data, class Parts, class Scalar = typename Network::Scalar>
std::vector<History> pretrain(Network& network, const Scaler<Scalar>& scaler, const Data& data,
                              const FitOptions& options, const Parts& parts) {
  static_assert(!Parts::template has<kind::Validation>,
                "pretrain: set samples aside by validation_split instead");
  require_mirrored(network);
  std::vector<History> histories;
  const auto train = [&](Index i, auto& encoder, auto& decoder) {
    Chain shallow(encoder, decoder);
    TrainingState<Scalar> state;
    const Encoded codes(data, scaler, network, i);
    const Scaler<Scalar> as_is;
    const auto measure = [&](const auto& samples) {
      return network_loss(shallow, samples, parts.loss());
    };
    histories.push_back(fit(shallow, state, as_is, codes, options, parts, 0, measure));
    encoder = shallow.template part<0>();
    decoder = shallow.template part<1>();
  };
  for (Index i = 0; i < network.size() / 2; ++i) {
    network.visit(i, [&](auto& encoder) {
      network.visit(mirror(network, i), [&](auto& decoder) { train(i, encoder, decoder); });
    });
  }
  return histories;
}

}  // namespace ae::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/models/stacked_autoencoder.hpp"

namespace ae::inline AE_ABI {

namespace detail {

/// A layer, or layers one behind the other, as dense layers where they can be.
template <class Layers>
auto folded_layers(const Layers& layers) {
  if constexpr (requires { layers.folded(); }) {
    return layers.folded();
  } else {
    return layers;
  }
}

template <class... Parts>
auto folded_layers(const Chain<Parts...>& chain) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return Chain<decltype(folded_layers(chain.template part<I>()))...>(
        folded_layers(chain.template part<I>())...);
  }
  (std::index_sequence_for<Parts...>());
}

}  // namespace detail

/// A model of dense layers alone, which gives the same as one whose layers have batch
/// normalisation (ae/layers/batch_norm.hpp): for exports and `Inference`, and faster. It is folded
/// into the weights and biases: Jacob and others, "Quantization and training of neural networks for
/// efficient integer-arithmetic-only inference", CVPR 2018, equation 14. Scaler, threshold and link
/// stay; a fit of it begins with new moments.
/// ~~~{.cpp}
/// ae::StackedAutoencoder<float, ae::BatchNormStack<float, ae::Relu>> model({640, 128, 8});
/// model.fit(x, {.epochs = 50});
/// const ae::Inference fast(ae::folded(model));
/// ~~~
template <class Scalar, class Encoder, class Decoder>
auto folded(const StackedAutoencoder<Scalar, Encoder, Decoder>& model) {
  const auto encoder = detail::folded_layers(model.encoder());
  const auto decoder = detail::folded_layers(model.decoder());
  using PlainEncoder = std::decay_t<decltype(encoder)>;
  using PlainDecoder = std::decay_t<decltype(decoder)>;
  StackedAutoencoder<Scalar, PlainEncoder, PlainDecoder> plain(encoder, decoder);
  plain.restore(Chain<PlainEncoder, PlainDecoder>(encoder, decoder), model.scaler(),
                model.threshold());
  plain.set_link(model.link());
  return plain;
}

}  // namespace ae::inline AE_ABI

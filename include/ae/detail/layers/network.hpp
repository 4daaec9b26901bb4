#pragma once

#include "ae/detail/core/abi.hpp"

#include <string>

#include "ae/detail/core/require.hpp"
#include "ae/detail/layers/layer_ref.hpp"

/// Questions to a network of layers of any types.
namespace ae::inline AE_ABI::detail {

/// The width of what goes into a network and of what comes out.
Index input_size(const auto& layers) {
  Index size = 0;
  layers.visit(0, [&](const auto& layer) { size = layer.inputs(); });
  return size;
}

Index output_size(const auto& layers) {
  Index size = 0;
  layers.visit(layers.size() - 1, [&](const auto& layer) { size = layer.outputs(); });
  return size;
}

template <class Network>
std::vector<LayerRef<typename Network::Scalar>> layer_refs(const Network& network) {
  std::vector<LayerRef<typename Network::Scalar>> layers;
  append_layers(network, layers);
  return layers;
}

/// As messages write the sizes of layers: "300 x 1024, 150 x 300".
template <class Scalar>
std::string sizes_text(const std::vector<LayerRef<Scalar>>& layers) {
  std::string all;
  for (const auto& layer : layers) {
    all += text(all.empty() ? "" : ", ", shape(layer.outputs, layer.inputs));
  }
  return all;
}

/// Throws ShapeError unless two networks have layers of the same sizes.
template <class Network>
void require_same_sizes(const Network& expected, const Network& found) {
  const std::string wanted = sizes_text(layer_refs(expected)), had = sizes_text(layer_refs(found));
  require<ShapeError>(wanted == had, "network: expected layers of ", wanted, ", found ", had);
}

/// All parameters of a network, to be read.
template <class Network>
auto const_parameters(const Network& network) {
  ParameterList<Parameter<const typename Network::Scalar>> all;
  for (Index i = 0; i < network.size(); ++i) {
    network.visit(i, [&]<class L>(const L& layer) {
      for (Index p = 0; p < L::parameters; ++p) all.add(layer.parameter(p));
      all.end_layer();
    });
  }
  return all;
}

/// True if there are weights and all of them are zero.
bool has_zero_weights(const auto& network) {
  bool found = false, zero = true;
  for (Index i = 0; i < network.size(); ++i) {
    network.visit(i, [&]<class L>(const L& layer) {
      for (Index p = 0; p < L::parameters; ++p) {
        const auto parameter = layer.parameter(p);
        if (!parameter.regularized || !zero) continue;
        found = true;
        zero = parameter.value.isZero(0);
      }
    });
  }
  return found && zero;
}

/// Draws every layer's weights, each from a stream of its own.
template <class Init>
void initialize(auto& layers, const Init& init, std::uint64_t seed) {
  for (Index i = 0; i < layers.size(); ++i) {
    layers.visit(i, [&](auto& layer) {
      if constexpr (requires(const Random& random) { layer.initialize(init, random); }) {
        layer.initialize(init, Random(seed, Purpose::initialise, static_cast<std::uint32_t>(i)));
      }
    });
  }
}

}  // namespace ae::inline AE_ABI::detail

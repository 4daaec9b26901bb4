#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/io/description.hpp"
#include "ae/detail/io/tensor_view.hpp"
#include "ae/layers/stack.hpp"

/// A model's layers as a file names and describes them.
namespace ae::inline AE_ABI::detail {

/// True for models of an encoder and a decoder that are each made of their sizes.
template <class Model>
concept is_of_stacks = requires(const Model& model, const std::vector<Index>& sizes) {
  std::decay_t<decltype(model.encoder())>(sizes);
  std::decay_t<decltype(model.decoder())>(sizes);
};

/// True for models whose outputs have the link of the latest fit's loss.
template <class Model>
concept sets_link = requires(Model& model) {
  model.set_link(model.link());
};

/// The modules that a layer is in PyTorch, where an activation is one of its own, unless it is the
/// identity.
template <class Layer>
constexpr Index modules = 1;
template <class Layer>
requires requires {
  typename Layer::Activation;
}
constexpr Index modules<Layer> = std::is_same_v<typename Layer::Activation, Identity> ? 1 : 2;

/// A weight has two dimensions, whatever its width; any other column has one.
template <class Scalar>
TensorView parameter_view(std::string name, const Parameter<Scalar>& parameter) {
  const Index rows = parameter.value.rows(), cols = parameter.value.cols();
  return {std::move(name),
          dtype_of<Scalar>(),
          const_cast<Scalar*>(parameter.value.data()),
          rows,
          cols,
          rows,
          cols == 1 && parameter.name != "weight"};
}

/// Adds a row of layers, whose parameters are named as nn.Sequential names them: "2.weight".
template <class Layers>
void add_parameters(Layers& layers, const std::string& prefix, std::vector<TensorView>& all) {
  Index module = 0;
  for (Index i = 0; i < layers.size(); ++i) {
    layers.visit(i, [&]<class Layer>(Layer& layer) {
      for (Index p = 0; p < layer.parameters; ++p) {
        const auto parameter = layer.parameter(p);
        all.push_back(parameter_view(text(prefix, module, '.', parameter.name), parameter));
      }
      module += modules<Layer>;
    });
  }
}

/// The parameters of a network of one row of layers, or of an encoder and a decoder apart.
template <class Network>
std::vector<TensorView> named_parameters(Network& network) {
  std::vector<TensorView> all;
  if constexpr (requires { network.encoder; }) {
    add_parameters(network.encoder, "encoder.", all);
    add_parameters(network.decoder, "decoder.", all);
  } else {
    add_parameters(network, "", all);
  }
  return all;
}

template <class Layer>
LayerDescription described_layer(const Layer& layer) {
  constexpr bool activates = requires {
    layer.activation();
  };
  std::optional<double> slope, epsilon;
  if constexpr (requires { layer.activation().slope; }) slope = layer.activation().slope;
  if constexpr (requires { layer.options().epsilon; }) epsilon = layer.options().epsilon;
  const char* const kind = epsilon ? "batch_norm" : activates ? "activation" : "layer";
  return describe_layer(layer.inputs(), layer.outputs(), kind, layer.name(), slope, epsilon);
}

template <class Network>
std::vector<LayerDescription> described_layers(const Network& network) {
  std::vector<LayerDescription> all;
  for (Index i = 0; i < network.size(); ++i) {
    network.visit(i, [&](const auto& layer) { all.push_back(described_layer(layer)); });
  }
  return all;
}

}  // namespace ae::inline AE_ABI::detail

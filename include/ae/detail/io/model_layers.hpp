#pragma once

#include "ae/io/safetensors.hpp"
#include "ae/layers/stack.hpp"

/// A model's layers as a file names and describes them.
namespace ae::detail {

/// The modules that a layer is in PyTorch, where an activation is one of its own, unless it is the
/// identity.
template <class Layer>
constexpr Index modules = 1;
template <class Layer>
requires requires {
  typename Layer::Activation;
}
constexpr Index modules<Layer> = std::is_same_v<typename Layer::Activation, Identity> ? 1 : 2;

/// Calls f(name, parameter) for every parameter, named as nn.Sequential names it: "2.weight".
template <class Layers>
void for_each_named(Layers& layers, const std::string& prefix, auto&& f) {
  Index module = 0;
  for (Index i = 0; i < layers.size(); ++i) {
    layers.visit(i, [&]<class Layer>(Layer& layer) {
      for (Index p = 0; p < layer.parameters; ++p) {
        const auto parameter = layer.parameter(p);
        f(text(prefix, module, '.', parameter.name), parameter);
      }
      module += modules<Layer>;
    });
  }
}

/// The same for a network of one row of layers, or of an encoder and a decoder apart.
template <class Network>
void for_each_named(Network& network, auto&& f) {
  if constexpr (requires { network.encoder; }) {
    for_each_named(network.encoder, "encoder.", f);
    for_each_named(network.decoder, "decoder.", f);
  } else {
    for_each_named(network, "", f);
  }
}

/// A weight has two dimensions, whatever its width; any other column has one.
template <class Scalar>
Tensor parameter_tensor(const Parameter<Scalar>& parameter) {
  Tensor tensor = to_tensor(parameter.value);
  if (parameter.name != "weight" && parameter.value.cols() == 1) tensor.shape.pop_back();
  return tensor;
}

template <class Network>
std::map<std::string, Tensor, std::less<>> layer_tensors(Network network) {
  std::map<std::string, Tensor, std::less<>> tensors;
  for_each_named(network, [&](const std::string& name, const auto& parameter) {
    tensors.emplace(name, parameter_tensor(parameter));
  });
  return tensors;
}

/// A network with the parameters of a file. Throws FileError for a tensor that is missing, of
/// another type or shape, or that the network has no place for.
template <class Network>
Network read_layers(const SafeTensors& file, Network network, const std::string& where) {
  auto left = file.tensors;
  for_each_named(network, [&](const std::string& name, auto parameter) {
    const std::string place = tensor_place(where, name);
    const auto found = left.find(name);
    require<FileError>(found != left.end(), place, ": expected this tensor, found none");
    const Tensor& tensor = found->second;
    const Tensor expected = parameter_tensor(parameter);
    require<FileError>(tensor.dtype == expected.dtype && tensor.shape == expected.shape, place,
                       ": expected ", expected.dtype, ' ', shape_text(expected.shape), ", found ",
                       tensor.dtype, ' ', shape_text(tensor.shape));
    parameter.value = to_matrix<typename Network::Scalar>(tensor, place);
    left.erase(found);
  });
  require<FileError>(left.empty(), where, ": expected no tensors but the model's, found \"",
                     left.empty() ? "" : shown(left.begin()->first), '"');
  return network;
}

/// An activation's number is told too; those of activations of the caller's own are not known.
template <class Layer>
nlohmann::json described(const Layer& layer) {
  nlohmann::json all = {{"inputs", layer.inputs()}, {"outputs", layer.outputs()}};
  if constexpr (requires { layer.activation(); }) {
    all["activation"] = layer.name();
  } else {
    all["layer"] = layer.name();
  }
  if constexpr (requires { layer.activation().slope; }) all["slope"] = layer.activation().slope;
  return all;
}

template <class Network>
nlohmann::json described_layers(const Network& network) {
  nlohmann::json all = nlohmann::json::array();
  for (Index i = 0; i < network.size(); ++i) {
    network.visit(i, [&](const auto& layer) { all.push_back(described(layer)); });
  }
  return all;
}

}  // namespace ae::detail

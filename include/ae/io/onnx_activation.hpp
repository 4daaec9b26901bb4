#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/io/onnx_graph.hpp"
#include "ae/parts/any_activation.hpp"

/// Activations in ONNX: the nodes of y = activation(z) are added to a graph, and the name of y is
/// returned. An activation of the caller's own has such a function beside it, in its namespace.
/// ~~~{.cpp}
/// ae::onnx::Graph graph;
/// graph.input("input", 20);
/// const std::string y = ae::to_onnx(graph, ae::Elu{}, "input");
/// ~~~
namespace ae::inline AE_ABI {

inline std::string to_onnx(onnx::Graph&, const Identity&, const std::string& z) {
  return z;
}

inline std::string to_onnx(onnx::Graph& graph, const Elu&, const std::string& z) {
  return graph.node("Elu", {z}, {{"alpha", 1}});
}

inline std::string to_onnx(onnx::Graph& graph, const Selu&, const std::string& z) {
  return graph.node("Selu", {z}, {{"alpha", Selu::alpha}, {"gamma", Selu::lambda}});
}

inline std::string to_onnx(onnx::Graph& graph, const Relu&, const std::string& z) {
  return graph.node("Relu", {z});
}

inline std::string to_onnx(onnx::Graph& graph, const LeakyRelu& leaky, const std::string& z) {
  return graph.node("LeakyRelu", {z}, {{"alpha", leaky.slope}});
}

inline std::string to_onnx(onnx::Graph& graph, const Sigmoid&, const std::string& z) {
  return graph.node("Sigmoid", {z});
}

inline std::string to_onnx(onnx::Graph& graph, const Tanh&, const std::string& z) {
  return graph.node("Tanh", {z});
}

inline std::string to_onnx(onnx::Graph& graph, const Softplus&, const std::string& z) {
  return graph.node("Softplus", {z});
}

/// ONNX has an operator of this name from version 20 on.
inline std::string to_onnx(onnx::Graph& graph, const Gelu&, const std::string& z) {
  const auto half = graph.node("Mul", {z, graph.number(0.5)});
  const auto scaled = graph.node("Mul", {z, graph.number(1 / std::numbers::sqrt2)});
  const auto error = graph.node("Erf", {scaled});
  return graph.node("Mul", {half, graph.node("Add", {error, graph.number(1)})});
}

inline std::string to_onnx(onnx::Graph& graph, const Silu&, const std::string& z) {
  return graph.node("Mul", {z, graph.node("Sigmoid", {z})});
}

inline std::string to_onnx(onnx::Graph& graph, const AnyActivation& any, const std::string& z) {
  return any.visit([&](const auto& activation) { return to_onnx(graph, activation, z); });
}

}  // namespace ae::inline AE_ABI

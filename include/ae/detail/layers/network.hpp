#pragma once

#include <optional>
#include <string>

#include "ae/layers/stack.hpp"

/// Questions to a network of layers of any types.
namespace ae::detail {

/// The width of what goes into a stack and of what comes out.
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

/// Throws ShapeError unless two stacks have layers of the same sizes.
template <class Layers>
void require_same_sizes(const Layers& expected, const Layers& found) {
  const auto sizes = [](const Layers& layers) {
    std::string all;
    for (Index i = 0; i < layers.size(); ++i) {
      layers.visit(i, [&](const auto& layer) {
        all += text(i == 0 ? "" : ", ", shape(layer.outputs(), layer.inputs()));
      });
    }
    return all;
  };
  require<ShapeError>(sizes(found) == sizes(expected), "network: expected layers of ",
                      sizes(expected), ", found ", sizes(found));
}

/// A parameter of layer i.
template <class Layers>
Parameter<typename Layers::Scalar> parameter_of(Layers& layers, Index i, Index parameter) {
  std::optional<Parameter<typename Layers::Scalar>> found;
  layers.visit(i, [&](auto& layer) { found.emplace(layer.parameter(parameter)); });
  return *found;
}

/// Draws every layer's weights, each from a stream of its own.
template <Initializer Init>
void initialize(auto& layers, const Init& init, std::uint64_t seed) {
  for (Index i = 0; i < layers.size(); ++i) {
    layers.visit(i, [&](auto& layer) {
      if constexpr (requires(const Random& random) { layer.initialize(init, random); }) {
        layer.initialize(init, Random(seed, Purpose::initialise, static_cast<std::uint32_t>(i)));
      }
    });
  }
}

}  // namespace ae::detail

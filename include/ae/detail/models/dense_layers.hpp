#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/layers/stack.hpp"
#include "ae/models/model_part.hpp"
#include "ae/parts/loss.hpp"

/// The dense layers of a model of any type.
namespace ae::inline AE_ABI::detail {

template <class T>
concept HasLayers = requires(const T& model) {
  typename T::Scalar;
  model.network();
  model.code_layer();
};

/// The layers of a part of a model.
template <class Model>
Range layers_of(const Model& model, ModelPart part) {
  const Index code = model.code_layer() + 1, end = model.network().size();
  if (part == ModelPart::encoder) return {0, code};
  if (part == ModelPart::decoder) return {code, end - code};
  return {0, end};
}

/// Calls f(i, weight, bias, activation) for each layer of a part of a model; of the distributions
/// that a variational encoder gives these are the means.
template <class Model>
void for_each_dense(const Model& model, ModelPart part, auto&& f) {
  const auto [first, size] = layers_of(model, part);
  for (Index i = first; i < first + size; ++i) {
    model.network().visit(i, [&](const auto& layer) {
      static_assert(
          requires { layer.weight(), layer.bias(), layer.activation(); },
          "only models of dense layers can be exported or laid out for inference; of batch "
          "normalisation ae::folded(model) makes such");
      const Index rows = i == model.code_layer() ? model.code_size() : layer.outputs();
      f(i, layer.weight().topRows(rows), layer.bias().head(rows), layer.activation());
    });
  }
}

/// Calls f with what is done to the outputs of the last layer, by a likelihood or by the link of
/// the loss: the identity where nothing is.
template <class Model>
void with_output_activation(const Model& model, auto&& f) {
  if constexpr (requires { model.likelihood().activation; }) {
    f(model.likelihood().activation);
  } else if constexpr (requires { model.link(); }) {
    if (model.link() == Link::logistic) {
      f(Sigmoid{});
    } else {
      f(Identity{});
    }
  } else {
    f(Identity{});
  }
}

}  // namespace ae::inline AE_ABI::detail

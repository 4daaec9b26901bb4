#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "ae/detail/layers/parameter_list.hpp"
#include "ae/layers/stack.hpp"

/// Layers of any types as plain functions, so that all that is done with a network is compiled once
/// for a scalar type.
namespace ae::inline AE_ABI::detail {

/// What a forward pass asks of a layer.
template <class Scalar>
struct LayerRef {
  using View = linalg::View<Scalar>;
  using ConstView = linalg::ConstView<Scalar>;
  using Epilogue = linalg::EpilogueRef<Scalar>;

  const void* layer;
  Index inputs, outputs;
  std::string_view name;
  bool needs_pre_activation;
  void (*forward_function)(const void*, Product<Scalar>&, ConstView x, View y, View z,
                           const Epilogue& finish);

  void forward(Product<Scalar>& product, ConstView x, View y, View z,
               const Epilogue& finish) const {
    forward_function(layer, product, x, y, z, finish);
  }

  template <Layer L>
  explicit LayerRef(const L& of);
};

template <class Scalar>
template <Layer L>
LayerRef<Scalar>::LayerRef(const L& of)
    : layer(&of),
      inputs(of.inputs()),
      outputs(of.outputs()),
      name(of.name()),
      needs_pre_activation(ae::needs_pre_activation<L>),
      forward_function([](const void* self, Product<Scalar>& product, ConstView x, View y, View z,
                          const Epilogue& finish) {
        static_cast<const L*>(self)->forward(product, x, y, z, finish);
      }) {}

/// What a backward pass asks of a layer; `Dense` says what the functions do. `curvature` is only
/// for penalties on derivatives: f''(z) where `kept` is y or z; null where nobody asks for it.
template <class Scalar>
struct BackwardRef {
  using View = linalg::View<Scalar>;
  using ConstView = linalg::ConstView<Scalar>;
  using Epilogue = linalg::EpilogueRef<Scalar>;
  using Epilogues = FunctionRef<Epilogue(Index)>;

  const void* layer;
  void (*differentiate_function)(const void*, View delta, ConstView kept);
  void (*input_function)(const void*, Product<Scalar>&, ConstView dz, View dx, const Epilogue&);
  void (*parameters_function)(const void*, Product<Scalar>&, ConstView x, ConstView dz,
                              Epilogues epilogues);
  void (*curvature_function)(const void*, ConstView kept, View curvature) = nullptr;

  void differentiate(View delta, ConstView kept) const {
    differentiate_function(layer, delta, kept);
  }
  void backward_input(Product<Scalar>& product, ConstView dz, View dx,
                      const Epilogue& finish = {}) const {
    input_function(layer, product, dz, dx, finish);
  }
  void backward_parameters(Product<Scalar>& product, ConstView x, ConstView dz,
                           Epilogues epilogues) const {
    parameters_function(layer, product, x, dz, epilogues);
  }
  void curvature(ConstView kept, View result) const { curvature_function(layer, kept, result); }

  template <Layer L>
  explicit BackwardRef(const L& of);
};

template <class Scalar>
template <Layer L>
BackwardRef<Scalar>::BackwardRef(const L& of)
    : layer(&of),
      differentiate_function([](const void* self, View delta, ConstView kept) {
        static_cast<const L*>(self)->differentiate(delta, kept);
      }),
      input_function([](const void* self, Product<Scalar>& product, ConstView dz, View dx,
                        const Epilogue& finish) {
        static_cast<const L*>(self)->backward_input(product, dz, dx, finish);
      }),
      parameters_function([](const void* self, Product<Scalar>& product, ConstView x, ConstView dz,
                             Epilogues epilogues) {
        static_cast<const L*>(self)->backward_parameters(product, x, dz, epilogues);
      }) {}

/// f'' of a layer's activation.
template <class Scalar, class L>
void curvature_of(const void* self, linalg::ConstView<Scalar> kept, linalg::View<Scalar> result) {
  const auto& activation = static_cast<const L*>(self)->activation();
  if constexpr (requires { activation.second_derivative(kept.array()); }) {
    result.array() = activation.second_derivative(kept.array());
  } else {
    result.array() = activation.second_derivative_at(kept.array());
  }
}

/// All layers of a network, for forward passes. The network must live as long.
template <class Network>
void append_layers(const Network& network, std::vector<LayerRef<typename Network::Scalar>>& to) {
  for (Index i = 0; i < network.size(); ++i) {
    network.visit(i, [&](const auto& layer) { to.emplace_back(layer); });
  }
}

/// All that training asks of a network, which must live as long and keep its layers.
template <class Scalar_>
struct TrainableNetwork {
  using Scalar = Scalar_;
  std::vector<LayerRef<Scalar>> layers;
  std::vector<BackwardRef<Scalar>> backward;
  ParameterList<Parameter<Scalar>> parameters;
  std::vector<std::shared_ptr<void>> in_training;  // what `training()` of layers gave
  Index least_batch = 1;                           // samples that the layers need

  Index size() const { return static_cast<Index>(layers.size()); }
  const LayerRef<Scalar>& layer(Index i) const { return layers[static_cast<std::size_t>(i)]; }
  const BackwardRef<Scalar>& backward_layer(Index i) const {
    return backward[static_cast<std::size_t>(i)];
  }
  Parameter<Scalar>& parameter(Index i, Index p) { return parameters(i, p); }
  const Parameter<Scalar>& parameter(Index i, Index p) const { return parameters(i, p); }
};

/// The most parameters that a layer has.
template <class Scalar>
std::size_t most_parameters(const TrainableNetwork<Scalar>& network) {
  Index most = 0;
  for (Index i = 0; i < network.size(); ++i) most = std::max(most, network.parameters.count(i));
  return static_cast<std::size_t>(most);
}

template <bool with_curvature = false, class Network>
TrainableNetwork<typename Network::Scalar> trainable(Network& network) {
  using Scalar = typename Network::Scalar;
  TrainableNetwork<Scalar> all;
  for (Index i = 0; i < network.size(); ++i) {
    network.visit(i, [&]<class L>(L& layer) {
      if constexpr (HasTraining<L, Scalar>) {
        static_assert(!with_curvature || sizeof(L) == 0,
                      "Contractive: expected layers that treat every sample by itself, found one "
                      "with batch normalisation");
        const auto twin = std::make_shared<decltype(layer.training())>(layer.training());
        all.layers.emplace_back(*twin);
        all.backward.emplace_back(*twin);
        all.least_batch = std::max(all.least_batch, twin->least_batch);
        all.in_training.push_back(twin);
      } else {
        all.layers.emplace_back(layer);
        all.backward.emplace_back(layer);
      }
      if constexpr (with_curvature) {
        all.backward.back().curvature_function = &curvature_of<Scalar, L>;
      }
      for (Index p = 0; p < L::parameters; ++p) all.parameters.add(layer.parameter(p));
      all.parameters.end_layer();
    });
  }
  return all;
}

/// The same of what is one already.
template <bool with_curvature = false, class Scalar>
TrainableNetwork<Scalar>& trainable(TrainableNetwork<Scalar>& network) {
  return network;
}
template <bool with_curvature = false, class Scalar>
const TrainableNetwork<Scalar>& trainable(const TrainableNetwork<Scalar>& network) {
  return network;
}

}  // namespace ae::inline AE_ABI::detail

#ifdef AE_COMPILED
#define AE_INSTANCE extern template
#include "ae/detail/layers/layer_ref-instances.inc"
#undef AE_INSTANCE
#endif

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/layers/workspace.hpp"

namespace ae::inline AE_ABI {

template <class Scalar>
void Workspace<Scalar>::prepare(const Layers& layers, Index batch) {
  batch_ = batch;
  outputs_.resize(layers.size());
  deltas_.resize(layers.size());
  pre_activations_.resize(layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = layers[i];
    outputs_[i].resize(layer.outputs, batch);
    pre_activations_[i].resize(layer.needs_pre_activation ? layer.outputs : 0, batch);
  }
}

}  // namespace ae::inline AE_ABI

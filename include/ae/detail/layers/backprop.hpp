#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/layers/layer_hooks.hpp"

/// The chain rule through the layers of a network. Rumelhart, Hinton and Williams, "Learning
/// representations by back-propagating errors", Nature 323, 1986.
namespace ae::inline AE_ABI::detail {

/// x (inputs x batch) through all layers; the results lie in `workspace.output(i)`, and `finish`
/// sees every tile of the last. Without hooks a layer takes the output of the one before it.
template <class Scalar>
void forward(const std::vector<LayerRef<Scalar>>& layers, linalg::ConstView<Scalar> x,
             Workspace<Scalar>& workspace, const linalg::EpilogueRef<Scalar>& finish = {},
             LayerHooks<Scalar>* hooks = nullptr);

/// The same through the layers of a network as it is.
template <class Network>
void forward(const Network& network, const ConstMatrixRef<typename Network::Scalar>& x,
             Workspace<typename Network::Scalar>& workspace) {
  forward<typename Network::Scalar>(workspace.layers_of(network), linalg::const_view(x), workspace);
}

/// The epilogue that takes the gradient of (layer, parameter), tile by tile.
template <class Scalar>
using GradientEpilogues = FunctionRef<linalg::EpilogueRef<Scalar>(Index layer, Index parameter)>;

/// After `forward`: from dL/dy in the last `workspace.delta` to all parameters' gradients, in tiles
/// for the epilogues `epilogues(layer, parameter)`, last layer first. A layer is not asked for
/// anything after its gradients were taken, so an epilogue may change its parameters.
template <class Scalar>
void backward(const TrainableNetwork<Scalar>& network, linalg::ConstView<Scalar> x,
              Workspace<Scalar>& workspace, GradientEpilogues<Scalar> epilogues,
              LayerHooks<Scalar>* hooks = nullptr);

/// dL/dx of the whole network (inputs x batch), after `backward`, if no parameter has changed
/// since.
template <class Scalar>
void backward_input(const TrainableNetwork<Scalar>& network, Workspace<Scalar>& workspace,
                    linalg::View<Scalar> dx) {
  network.backward_layer(0).backward_input(workspace.product,
                                           linalg::const_view(workspace.delta(0)), dx);
}

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/layers/backprop-inl.hpp"
#endif

#pragma once

#include "ae/detail/layers/layer_hooks.hpp"

/// The chain rule through the layers of a network. Rumelhart, Hinton and Williams, "Learning
/// representations by back-propagating errors", Nature 323, 1986.
namespace ae::detail {

/// x (inputs x batch) through all layers; the results lie in `workspace.output(i)`, and `finish`
/// sees every tile of the last. Without hooks a layer takes the output of the one before it.
template <class Scalar>
void forward(const std::vector<LayerRef<Scalar>>& layers, linalg::ConstView<Scalar> x,
             Workspace<Scalar>& workspace, const linalg::EpilogueRef<Scalar>& finish = {},
             LayerHooks<Scalar>* hooks = nullptr) {
  workspace.prepare(layers, x.cols());
  const auto last = static_cast<Index>(layers.size()) - 1;
  for (Index i = 0; i <= last; ++i) {
    const auto previous = i == 0 ? x : linalg::const_view(workspace.output(i - 1));
    const auto input = i > 0 && hooks != nullptr ? hooks->on_forward(i - 1, previous) : previous;
    layers[static_cast<std::size_t>(i)].forward(workspace.product, input, workspace.output(i),
                                                workspace.pre_activation(i),
                                                i == last ? finish : linalg::EpilogueRef<Scalar>());
  }
}

/// The same through the layers of a network as it is.
template <class Network>
void forward(const Network& network, const ConstMatrixRef<typename Network::Scalar>& x,
             Workspace<typename Network::Scalar>& workspace) {
  forward<typename Network::Scalar>(workspace.layers_of(network), linalg::const_view(x), workspace);
}

/// Multiplies a tile of dL/dy by the derivative of the layer's activation.
template <class Scalar>
struct DifferentiateTile {
  const BackwardRef<Scalar>& layer;
  linalg::ConstView<Scalar> kept;

  void operator()(linalg::View<Scalar> tile, Range rows, Range cols) const {
    layer.differentiate(tile, linalg::block(kept, rows, cols));
  }
  void add_prefetches(Range rows, Range cols, PrefetchList& list) const {
    list.add(kept, rows, cols);
  }
};

/// dL/dz of layer i to dL/dz of layer i - 1, whose activation is differentiated tile by tile where
/// no hook stands between them.
template <class Scalar>
void backward_delta(const TrainableNetwork<Scalar>& network, Index i, Workspace<Scalar>& workspace,
                    LayerHooks<Scalar>* hooks) {
  const auto dz = linalg::const_view(workspace.delta(i));
  if (hooks == nullptr) {
    const DifferentiateTile<Scalar> differentiate{network.back(i - 1),
                                                  linalg::const_view(workspace.kept(i - 1))};
    network.back(i).backward_input(workspace.product, dz, workspace.delta(i - 1), differentiate);
  } else {
    network.back(i).backward_input(workspace.product, dz, hooks->input_gradient(i - 1, workspace));
    hooks->on_backward(i - 1, network.back(i - 1), workspace);
  }
}

/// The epilogue that takes the gradient of (layer, parameter), tile by tile.
template <class Scalar>
using TakeGradient = FunctionRef<linalg::EpilogueRef<Scalar>(Index layer, Index parameter)>;

/// After `forward`: from dL/dy in the last `workspace.delta` to all parameters' gradients, in tiles
/// for the epilogues `take(layer, parameter)`, last layer first. A layer is not asked for anything
/// after its gradients were taken, so an epilogue may change its parameters.
template <class Scalar>
void backward(const TrainableNetwork<Scalar>& network, linalg::ConstView<Scalar> x,
              Workspace<Scalar>& workspace, TakeGradient<Scalar> take,
              LayerHooks<Scalar>* hooks = nullptr) {
  const Index last = network.size() - 1;
  network.back(last).differentiate(workspace.delta(last), linalg::const_view(workspace.kept(last)));
  for (Index i = last; i >= 0; --i) {
    if (i > 0) backward_delta(network, i, workspace, hooks);
    const auto previous = i == 0 ? x : linalg::const_view(workspace.output(i - 1));
    const auto input = i > 0 && hooks != nullptr ? hooks->next_input(i - 1, previous) : previous;
    network.back(i).backward_parameters(workspace.product, input,
                                        linalg::const_view(workspace.delta(i)),
                                        [&](Index parameter) { return take(i, parameter); });
  }
}

/// dL/dx of the whole network (inputs x batch), after `backward`, if no parameter has changed
/// since.
template <class Scalar>
void backward_input(const TrainableNetwork<Scalar>& network, Workspace<Scalar>& workspace,
                    linalg::View<Scalar> dx) {
  network.back(0).backward_input(workspace.product, linalg::const_view(workspace.delta(0)), dx);
}

}  // namespace ae::detail

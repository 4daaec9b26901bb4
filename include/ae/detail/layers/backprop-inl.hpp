#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/layers/backprop.hpp"

namespace ae::inline AE_ABI::detail {

template <class Scalar>
void forward(const std::vector<LayerRef<Scalar>>& layers, linalg::ConstView<Scalar> x,
             Workspace<Scalar>& workspace, const linalg::EpilogueRef<Scalar>& finish,
             LayerHooks<Scalar>* hooks) {
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
    const DifferentiateTile<Scalar> differentiate{network.backward_layer(i - 1),
                                                  linalg::const_view(workspace.kept(i - 1))};
    network.backward_layer(i).backward_input(workspace.product, dz, workspace.delta(i - 1),
                                             differentiate);
  } else {
    network.backward_layer(i).backward_input(workspace.product, dz,
                                             hooks->delta_destination(i - 1, workspace));
    hooks->on_backward(i - 1, network.backward_layer(i - 1), workspace);
  }
}

template <class Scalar>
void backward(const TrainableNetwork<Scalar>& network, linalg::ConstView<Scalar> x,
              Workspace<Scalar>& workspace, GradientEpilogues<Scalar> epilogues,
              LayerHooks<Scalar>* hooks) {
  const Index last = network.size() - 1;
  network.backward_layer(last).differentiate(workspace.delta(last),
                                             linalg::const_view(workspace.kept(last)));
  for (Index i = last; i >= 0; --i) {
    if (i > 0) backward_delta(network, i, workspace, hooks);
    const auto previous = i == 0 ? x : linalg::const_view(workspace.output(i - 1));
    const auto input = i > 0 && hooks != nullptr ? hooks->input_of_next(i - 1, previous) : previous;
    network.backward_layer(i).backward_parameters(
        workspace.product, input, linalg::const_view(workspace.delta(i)),
        [&](Index parameter) { return epilogues(i, parameter); });
  }
}

}  // namespace ae::inline AE_ABI::detail

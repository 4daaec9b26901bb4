#pragma once

#include "ae/detail/linalg/entries.hpp"
#include "ae/layers/workspace.hpp"

/// The chain rule through a stack of layers. Rumelhart, Hinton and Williams, "Learning
/// representations by back-propagating errors", Nature 323, 1986.
namespace ae::detail {

/// What stands between the layers of a pass: nothing. A type with the same members may give layer
/// i + 1 something else than the output of layer i, if it brings the derivatives back.
template <class Scalar>
struct Direct {
  /// What the next layer takes, on the way forward, and again on the way back.
  ConstMatrixRef<Scalar> pass(Index, const ConstMatrixRef<Scalar>& y) { return y; }
  ConstMatrixRef<Scalar> passed(Index, const ConstMatrixRef<Scalar>& y) { return y; }
  /// Where its derivatives by that go, and how they become dL/dz of layer i.
  MatrixRef<Scalar> gradient(Index i, Workspace<Scalar>& workspace) { return workspace.delta(i); }
  void back(Index i, const auto& layer, Workspace<Scalar>& workspace) {
    layer.differentiate(workspace.delta(i), workspace.kept(i));
  }
};

/// Layer i, which keeps z beside its output where its derivative needs it.
template <class Layer, class Scalar, class Finish = NoEpilogue>
void forward_layer(const Layer& layer, Index i, const ConstMatrixRef<Scalar>& x,
                   Workspace<Scalar>& workspace, const Finish& finish = {}) {
  if constexpr (keeps_z<Layer>) {
    layer.forward(workspace.product, x, workspace.output(i), finish,
                  linalg::storing(workspace.kept(i)));
  } else {
    layer.forward(workspace.product, x, workspace.output(i), finish);
  }
}

/// x (inputs x batch) through all layers; the results lie in `workspace.output(i)`, and
/// `finish(tile, rows, cols)` sees every tile of the last.
template <class Layers, class Finish = NoEpilogue, class Between = Direct<typename Layers::Scalar>>
void forward(const Layers& layers, const ConstMatrixRef<typename Layers::Scalar>& x,
             Workspace<typename Layers::Scalar>& workspace, const Finish& finish = {},
             Between&& between = {}) {
  workspace.prepare(layers, x.cols());
  const Index last = layers.size() - 1;
  for (Index i = 0; i <= last; ++i) {
    layers.visit(i, [&](const auto& layer) {
      const ConstMatrixRef<typename Layers::Scalar> input =
          i == 0 ? x : between.pass(i - 1, workspace.output(i - 1));
      if (i == last) {
        forward_layer(layer, i, input, workspace, finish);
      } else {
        forward_layer(layer, i, input, workspace);
      }
    });
  }
}

/// dL/dz of layer i to dL/dz of layer i - 1, whose activation is differentiated tile by tile where
/// nothing stands between them.
template <class Scalar, class Between>
void backward_delta(const auto& layers, Index i, const auto& layer, Workspace<Scalar>& workspace,
                    Between& between) {
  layers.visit(i - 1, [&](const auto& previous) {
    if constexpr (std::is_same_v<Between, Direct<Scalar>>) {
      const auto differentiate = [&](auto dx, const auto& kept) {
        previous.differentiate(dx, kept);
      };
      const ConstMatrixRef<Scalar> kept = workspace.kept(i - 1);
      layer.backward_input(workspace.product, workspace.delta(i), workspace.delta(i - 1),
                           detail::on_entries(differentiate, kept));
    } else {
      layer.backward_input(workspace.product, workspace.delta(i),
                           between.gradient(i - 1, workspace));
      between.back(i - 1, previous, workspace);
    }
  });
}

/// After `forward`: from dL/dy in the last `workspace.delta` to all parameters' gradients, handed
/// out in tiles to the epilogues `take(layer, parameter)`, last layer first. A layer is not asked
/// for anything after its gradients were handed out, so an epilogue may change its parameters.
template <class Layers, class Take, class Between = Direct<typename Layers::Scalar>>
void backward(const Layers& layers, const ConstMatrixRef<typename Layers::Scalar>& x,
              Workspace<typename Layers::Scalar>& workspace, const Take& take,
              Between&& between = {}) {
  const Index last = layers.size() - 1;
  layers.visit(last, [&](const auto& layer) {
    layer.differentiate(workspace.delta(last), workspace.kept(last));
  });
  for (Index i = last; i >= 0; --i) {
    layers.visit(i, [&](const auto& layer) {
      if (i > 0) backward_delta(layers, i, layer, workspace, between);
      const ConstMatrixRef<typename Layers::Scalar> input =
          i == 0 ? x : between.passed(i - 1, workspace.output(i - 1));
      layer.backward_parameters(workspace.product, input, workspace.delta(i),
                                [&](Index parameter) { return take(i, parameter); });
    });
  }
}

/// dL/dx of the whole stack (inputs x batch), after `backward`, if no parameter has changed since.
template <class Layers>
void backward_input(const Layers& layers, Workspace<typename Layers::Scalar>& workspace,
                    MatrixRef<typename Layers::Scalar> dx) {
  layers.visit(0, [&](const auto& layer) {
    layer.backward_input(workspace.product, workspace.delta(0), dx);
  });
}

}  // namespace ae::detail

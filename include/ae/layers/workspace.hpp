#pragma once

#include "ae/detail/core/abi.hpp"

#include <vector>

#include "ae/detail/core/padded_matrix.hpp"
#include "ae/detail/layers/layer_ref.hpp"
#include "ae/linalg/precision.hpp"

namespace ae::inline AE_ABI {

/// What one pass keeps, owned by the caller so that one model serves many threads: for layer i its
/// output y_i and dL/dz_i, both (outputs x batch), and z_i where the layer's derivative needs it.
/// Grows to the largest batch and stays.
/// ~~~{.cpp}
/// ae::Workspace<float> workspace(ae::Precision::bfloat16);  // many samples, faster
/// const auto y = model.reconstruct(x, workspace);
/// ~~~
template <class Scalar>
class Workspace {
  using Layers = std::vector<detail::LayerRef<Scalar>>;

 public:
  Workspace() = default;

  /// For passes with products of this precision, see `Precision`.
  explicit Workspace(Precision precision) { product.set_precision(precision); }

  /// Makes room for a batch of this many samples.
  void prepare(const Layers& layers, Index batch);

  /// References to the layers of a network, kept here so that a pass allocates nothing.
  template <class Network>
  const Layers& layers_of(const Network& network) {
    layers_.clear();
    detail::append_layers(network, layers_);
    return layers_;
  }

  linalg::View<Scalar> output(Index i) { return outputs_[static_cast<std::size_t>(i)].view(); }

  /// z_i, without rows unless the layer needs it.
  linalg::View<Scalar> pre_activation(Index i) {
    return pre_activations_[static_cast<std::size_t>(i)].view();
  }

  /// What layer i's derivative is taken of: z_i if the layer needs it, y_i otherwise.
  linalg::View<Scalar> kept(Index i) {
    return pre_activations_[static_cast<std::size_t>(i)].rows() > 0 ? pre_activation(i) : output(i);
  }

  linalg::View<Scalar> delta(Index i) {
    auto& found = deltas_[static_cast<std::size_t>(i)];
    found.resize(outputs_[static_cast<std::size_t>(i)].rows(), batch_);
    return found.view();
  }

  /// Room for a batch of what goes in, where it has to be scaled first.
  linalg::View<Scalar> input(Index rows, Index batch) {
    batch_ = batch;
    input_.resize(rows, batch);
    return input_.view();
  }

  Product<Scalar> product;

 private:
  Index batch_ = 0;
  detail::PaddedMatrix<Scalar> input_;
  std::vector<detail::PaddedMatrix<Scalar>> outputs_, deltas_, pre_activations_;
  Layers layers_;
};

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/layers/workspace-inl.hpp"
#endif

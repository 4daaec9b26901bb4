#pragma once

#include <vector>

#include "ae/detail/core/padded_matrix.hpp"
#include "ae/layers/stack.hpp"

namespace ae {

/// What one pass keeps, owned by the caller so that one model serves many threads: for layer i its
/// output y_i and dL/dz_i, both (outputs x batch), and z_i where the layer's derivative needs it.
/// Grows to the largest batch and stays.
template <class Scalar>
class Workspace {
 public:
  /// Makes room for a batch of this many samples.
  void prepare(const auto& layers, Index batch) {
    const auto count = static_cast<std::size_t>(layers.size());
    batch_ = batch;
    outputs_.resize(count);
    deltas_.resize(count);
    pre_activations_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      layers.visit(static_cast<Index>(i), [&]<class Layer>(const Layer& layer) {
        outputs_[i].resize(layer.outputs(), batch);
        pre_activations_[i].resize(keeps_z<Layer> ? layer.outputs() : 0, batch);
      });
    }
  }

  auto output(Index i) { return outputs_[static_cast<std::size_t>(i)].view(); }

  /// What layer i's derivative is in terms of: z_i if the layer keeps it, y_i otherwise.
  auto kept(Index i) {
    auto& z = pre_activations_[static_cast<std::size_t>(i)];
    return z.rows() > 0 ? z.view() : output(i);
  }
  auto delta(Index i) {
    auto& found = deltas_[static_cast<std::size_t>(i)];
    found.resize(outputs_[static_cast<std::size_t>(i)].rows(), batch_);
    return found.view();
  }

  /// Room for a batch of what goes in, where it has to be scaled first.
  auto input(Index rows, Index batch) {
    batch_ = batch;
    input_.resize(rows, batch);
    return input_.view();
  }
  Index layers() const { return static_cast<Index>(outputs_.size()); }

  Product<Scalar> product;

 private:
  Index batch_ = 0;
  detail::PaddedMatrix<Scalar> input_;
  std::vector<detail::PaddedMatrix<Scalar>> outputs_, deltas_, pre_activations_;
};

}  // namespace ae

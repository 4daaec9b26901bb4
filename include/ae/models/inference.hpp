#pragma once

#include <functional>

#include "ae/autoencoder.hpp"
#include "ae/detail/linalg/vector_product.hpp"

namespace ae {

/// A trained autoencoder of dense layers, laid out for one sample at a time, where the time goes
/// into reading the weights: a copy of them, in float or rounded to 16 bits, in the order in which
/// they are read. For many samples at once `StackedAutoencoder` is faster.
///
///     ae::Inference<ae::Bfloat16> small(model);
///     ae::Inference<ae::Bfloat16>::Workspace workspace;
///     small.reconstruct(x, y, workspace);               // x and y: features
///
/// Its functions are const and may be called from many threads, each with a workspace of its own.
/// They allocate nothing once the workspace has been used.
template <class Format = Float32>
class Inference {
  using Column = Eigen::Ref<Vector<float>>;
  using ConstColumn = Eigen::Ref<const Vector<float>>;

 public:
  /// What one call keeps: the outputs of all layers.
  class Workspace {
    friend Inference;
    std::vector<Vector<float>> outputs;
  };

  template <class Encoder, class Decoder>
  explicit Inference(const StackedAutoencoder<float, Encoder, Decoder>& model)
      : scaler_(model.scaler()), code_layer_(model.encoder().size()) {
    for (Index i = 0; i < model.layers(); ++i) {
      model.visit(i, [&](const auto& layer) {
        layers_.push_back(
            {detail::VectorProduct<Format>(layer.weight()), layer.bias(),
             [f = layer.activation()](Eigen::Ref<Eigen::ArrayXf> z) { z = f.value(z); }});
      });
    }
  }

  Index features() const { return layers_.front().weight.depth(); }
  Index code_size() const {
    return layers_[static_cast<std::size_t>(code_layer_ - 1)].weight.rows();
  }

  /// x (features) to its code (code size). Throws ShapeError.
  void encode(const ConstColumn& x, Column code, Workspace& workspace) const {
    detail::require_rows(x, features(), "encode");
    detail::require_rows(code, code_size(), "encode, into");
    code = run(x, code_layer_, workspace).head(code.size());
  }

  /// x (features) to its reconstruction y (features). Throws ShapeError.
  void reconstruct(const ConstColumn& x, Column y, Workspace& workspace) const {
    detail::require_rows(x, features(), "reconstruct");
    detail::require_rows(y, features(), "reconstruct, into");
    y = run(x, static_cast<Index>(layers_.size()), workspace).head(y.size());
    scaler_.unscale(y);
  }

 private:
  struct Layer {
    detail::VectorProduct<Format> weight;
    Vector<float> bias;
    std::function<void(Eigen::Ref<Eigen::ArrayXf>)> activate;
  };

  static constexpr Index least_work = 100'000;  // multiply-adds that are worth a thread

  void prepare(Workspace& workspace) const {
    if (!workspace.outputs.empty()) return;
    workspace.outputs.emplace_back(features());
    for (const Layer& layer : layers_) workspace.outputs.emplace_back(layer.weight.padded_rows());
  }

  int threads() const {
#ifdef _OPENMP
    Index work = 0;
    for (const Layer& layer : layers_) work += layer.weight.rows() * layer.weight.depth();
    if (omp_in_parallel()) return 1;
    return static_cast<int>(std::clamp<Index>(work / least_work, 1, omp_get_max_threads()));
#else
    return 1;
#endif
  }

  /// The output of layer `end` - 1. All threads go through the layers together.
  const Vector<float>& run(const ConstColumn& x, Index end, Workspace& workspace) const {
    prepare(workspace);
    workspace.outputs[0] = x;
    scaler_.scale(workspace.outputs[0]);
#ifdef _OPENMP
    const int count = threads();
#pragma omp parallel num_threads(count) if (count > 1)
    for (Index i = 0; i < end; ++i) {
      run_layer(i, omp_get_thread_num(), omp_get_num_threads(), workspace);
#pragma omp barrier
    }
#else
    for (Index i = 0; i < end; ++i) run_layer(i, 0, 1, workspace);
#endif
    return workspace.outputs[static_cast<std::size_t>(end)];
  }

  void run_layer(Index i, Index part, Index parts, Workspace& workspace) const {
    const auto at = static_cast<std::size_t>(i);
    const Layer& layer = layers_[at];
    Vector<float>& y = workspace.outputs[at + 1];
    layer.weight(part, parts, workspace.outputs[at].data(), y.data(), [&](Range rows) {
      auto z = y.segment(rows.first, rows.size).array();
      z += layer.bias.segment(rows.first, rows.size).array();
      layer.activate(z);
    });
  }

  Scaler<float> scaler_;
  Index code_layer_;
  std::vector<Layer> layers_;
};

}  // namespace ae

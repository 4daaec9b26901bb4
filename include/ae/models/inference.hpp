#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "ae/data/scaler.hpp"
#include "ae/detail/core/shares.hpp"
#include "ae/detail/core/team.hpp"
#include "ae/detail/linalg/int8_product.hpp"
#include "ae/detail/models/dense_layers.hpp"
#include "ae/detail/models/sample_score.hpp"
#include "ae/parts/activation.hpp"

namespace ae::inline AE_ABI {

/// A trained model of dense layers, laid out for one sample at a time, where the time goes into
/// reading the weights: a copy of them, as they are or rounded to 16 or 8 bits, in the order in
/// which they are read. For many samples at once the model itself is faster. Of a variational model
/// `encode` gives the means of the codes.
/// ~~~{.cpp}
/// const ae::Inference exact(model);
/// const ae::Inference<float, ae::Bfloat16> small(model);
/// ae::Inference<float, ae::Bfloat16>::Workspace workspace;
/// ae::Vector<float> y(model.features());
/// small.reconstruct(x.col(0), y, workspace);
/// ~~~
/// Its functions are const and may be called from many threads, each with a workspace of its own.
/// They allocate nothing once the workspace has been used with this model or a larger one.
template <class Scalar_ = float, class Format_ = FullPrecision>
class Inference {
  // Where the types cannot be, others stand for them, so that there is one message and no more.
  static constexpr bool valid = detail::infers<Scalar_, Format_>();

 public:
  using Scalar = std::conditional_t<valid, Scalar_, float>;
  using Format = std::conditional_t<valid, Format_, FullPrecision>;

 private:
  using Column = Eigen::Ref<Vector<Scalar>>;
  using ConstColumn = Eigen::Ref<const Vector<Scalar>>;
  using Values = Eigen::Ref<Eigen::Array<Scalar, Eigen::Dynamic, 1>>;

 public:
  /// What one call keeps: the outputs of all layers. Grows to the largest model and stays.
  class Workspace {
    friend Inference;
    std::vector<Vector<Scalar>> outputs_;
    typename detail::VectorProduct<Scalar, Format>::Input input_;  // of a layer
    detail::Shares shares_;                                        // of a layer
  };

  /// At most this many threads go through a sample; 0 are as many as OpenMP says. Throws
  /// OptionError for fewer.
  template <detail::HasLayers Model>
  explicit Inference(const Model& model, int threads = 0)
      : decoder_(model.code_layer() + 1), most_threads_(threads) {
    detail::require<OptionError>(threads >= 0, "Inference: expected at least 0 threads, found ",
                                 threads);
    constexpr bool same = std::is_same_v<typename Model::Scalar, Scalar>;
    static_assert(same || !valid,
                  "Inference: expected a model of the same Scalar, as in "
                  "Inference<double>(model of double)");
    if constexpr (same) {
      scaler_ = model.scaler();
      threshold_ = model.threshold();
      add_layers(model);
    }
  }

  Index features() const { return layers_.front().weight.depth(); }
  Index code_size() const { return layers_[static_cast<std::size_t>(decoder_ - 1)].weight.rows(); }

  /// x (features) to its code (code size). Throws ShapeError.
  void encode(const ConstColumn& x, Column code, Workspace& workspace) const {
    detail::require_rows(x, features(), "encode");
    detail::require_rows(code, code_size(), "encode, into");
    enter(x, workspace);
    code = run(0, decoder_, workspace).head(code.size());
  }

  /// A code (code size) to what it stands for (features). Throws ShapeError.
  void decode(const ConstColumn& code, Column y, Workspace& workspace) const {
    detail::require_rows(code, code_size(), "decode");
    detail::require_rows(y, features(), "decode, into");
    prepare(workspace);
    workspace.outputs_[static_cast<std::size_t>(decoder_)].head(code.size()) = code;
    leave(run(decoder_, layers(), workspace), y);
  }

  /// x (features) to its reconstruction y (features). Throws ShapeError.
  void reconstruct(const ConstColumn& x, Column y, Workspace& workspace) const {
    detail::require_rows(x, features(), "reconstruct");
    detail::require_rows(y, features(), "reconstruct, into");
    enter(x, workspace);
    leave(run(0, layers(), workspace), y);
  }

  /// How odd x (features) is: the mean of the squared differences between it and its
  /// reconstruction, over the values that are there, in the units that `ae::score` has. Since a
  /// stream must go on, what `ae::score` refuses gives a score too: NaN or infinity for a value
  /// that is infinite. Throws ShapeError.
  double score(const ConstColumn& x, Workspace& workspace) const {
    detail::require_rows(x, features(), "score");
    enter(x, workspace);
    run(0, layers(), workspace);
    auto y = workspace.outputs_[static_cast<std::size_t>(layers())].head(x.size());
    scaler_.unscale(y);
    return detail::sample_score<Scalar>(scaler_, x, y);
  }

  /// The score above which a sample is an anomaly, if the model has one.
  std::optional<double> threshold() const { return threshold_; }

  /// Whether x (features) scores above the threshold; a sample whose score is NaN is an anomaly.
  /// Throws ShapeError, and OptionError for a model without a threshold.
  bool is_anomaly(const ConstColumn& x, Workspace& workspace) const {
    detail::require<OptionError>(
        threshold_.has_value(),
        "is_anomaly: expected a model with a threshold (see calibrate), found none");
    return !(score(x, workspace) <= *threshold_);
  }

 private:
  struct Layer {
    detail::VectorProduct<Scalar, Format> weight;
    Vector<Scalar> bias;
    std::function<void(Values)> activate;
  };

  static constexpr Index least_work = 100'000;  // multiply-adds that are worth a thread

  template <class Model>
  void add_layers(const Model& model) {
    detail::for_each_dense(
        model, ModelPart::whole,
        [&](Index, const auto& weight, const auto& bias, const auto& activation) {
          layers_.push_back({detail::VectorProduct<Scalar, Format>(weight), bias,
                             [f = activation](Values z) { z = f.value(z); }});
        });
    detail::with_output_activation(model, [&]<class Output>(const Output& output) {
      if constexpr (!std::is_same_v<Output, Identity>) {
        layers_.back().activate = [last = layers_.back().activate, output](Values z) {
          last(z);
          z = output.value(z);
        };
      }
    });
  }

  Index layers() const { return static_cast<Index>(layers_.size()); }

  static void grow(Vector<Scalar>& vector, Index size) {
    if (vector.size() < size) vector.resize(size);
  }

  /// Makes room for this model where another one had less.
  void prepare(Workspace& workspace) const {
    auto& outputs = workspace.outputs_;
    if (outputs.size() < layers_.size() + 1) outputs.resize(layers_.size() + 1);
    grow(outputs[0], features());
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      grow(outputs[i + 1], layers_[i].weight.padded_rows());
      workspace.input_.prepare(layers_[i].weight.depth());
    }
  }

  void enter(const ConstColumn& x, Workspace& workspace) const {
    prepare(workspace);
    auto input = workspace.outputs_[0].head(x.size());
    input = x;
    scaler_.scale(input);
  }

  void leave(const Vector<Scalar>& output, Column y) const {
    y = output.head(y.size());
    scaler_.unscale(y);
  }

  int threads() const {
    Index work = 0;
    for (const Layer& layer : layers_) work += layer.weight.rows() * layer.weight.depth();
    if (work < 2 * least_work) return 1;
    const int most = most_threads_ > 0 ? most_threads_ : detail::most_threads();
    return static_cast<int>(std::min<Index>(most, work / least_work));
  }

  /// The output of layer `end` - 1, from the input of layer `first`.
  const Vector<Scalar>& run(Index first, Index end, Workspace& workspace) const {
    const int count = threads();
    for (Index i = first; i < end; ++i) {
      const auto at = static_cast<std::size_t>(i);
      layers_[at].weight.enter(workspace.outputs_[at].data(), workspace.input_);
      workspace.shares_.divide(count);
      detail::with_helpers(count, [&](int thread) {
        workspace.shares_.take(thread, [&](Index share) { run_layer(i, share, count, workspace); });
      });
    }
    return workspace.outputs_[static_cast<std::size_t>(end)];
  }

  void run_layer(Index i, Index part, Index parts, Workspace& workspace) const {
    const auto at = static_cast<std::size_t>(i);
    const Layer& layer = layers_[at];
    Vector<Scalar>& y = workspace.outputs_[at + 1];
    layer.weight(part, parts, workspace.input_, y.data(), [&](Range rows) {
      auto z = y.segment(rows.first, rows.size).array();
      z += layer.bias.segment(rows.first, rows.size).array();
      layer.activate(z);
    });
  }

  Scaler<Scalar> scaler_;
  std::optional<double> threshold_;
  Index decoder_;  // its first layer
  int most_threads_;
  std::vector<Layer> layers_;
};

template <detail::HasLayers Model>
explicit Inference(const Model&, int = 0) -> Inference<typename Model::Scalar>;

}  // namespace ae::inline AE_ABI

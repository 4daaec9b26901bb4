#pragma once

#include "ae/detail/core/abi.hpp"

#include <memory>

#include "ae/detail/layers/tied.hpp"
#include "ae/detail/training/loss_tile.hpp"
#include "ae/detail/training/training_hooks.hpp"
#include "ae/detail/training/typed_parts.hpp"

namespace ae::inline AE_ABI::detail {

/// What a step learns from, in the units of the network.
template <class Scalar>
struct Batch {
  linalg::ConstView<Scalar> x;       ///< what goes in (features x batch)
  linalg::ConstView<Scalar> target;  ///< what should come out
  /// 1 where a value is there, 0 where it is missing; none: all are there.
  linalg::ConstView<Scalar> present = {nullptr, 0, 0, Eigen::OuterStride<>(0)};
  std::span<const Scalar> sample_weights = {};  ///< none: 1
  double done = 1;                              ///< the share of the fit that is over
  std::span<const Index> samples = {};          ///< their numbers in the data, for messages

  // Of a part of a batch, whose other parts are with other processes.
  double elements =
      0;             ///< those of the whole, which the loss is a mean over; 0: these are the whole
  double share = 1;  ///< how much of the whole this part is
  Index first = 0;   ///< the place of its first sample in the whole
};

/// How many values of a batch there are to learn from, at least 1.
template <class Scalar>
double elements_of(const Batch<Scalar>& batch) {
  return batch.present.size() > 0 ? std::max(1.0, static_cast<double>(batch.present.sum()))
                                  : static_cast<double>(batch.target.size());
}

/// Copies a gradient's tiles to where it is kept.
template <class Scalar>
struct StoreTile {
  Scalar* destination = nullptr;
  Index rows = 0, cols = 0, stride = 0;

  StoreTile() = default;
  explicit StoreTile(linalg::View<Scalar> to)
      : destination(to.data()), rows(to.rows()), cols(to.cols()), stride(to.outerStride()) {}

  void operator()(linalg::View<Scalar> tile, Range at, Range columns) const {
    for (Index j = 0; j < columns.size; ++j) {
      copy_packets(static_cast<const Scalar*>(tile.data() + j * tile.outerStride()), at.size,
                   destination + at.first + (columns.first + j) * stride);
    }
  }
  void add_prefetches(Range at, Range columns, PrefetchList& list) const {
    list.add(linalg::View<Scalar>(destination, rows, cols, Eigen::OuterStride<>(stride)), at,
             columns);
  }
};

/// What training minimises: the data loss and the penalties that depend on the batch, with their
/// gradients, and the regularizer's penalty, whose gradient is the optimizer step's.
template <class Scalar>
class Objective {
 public:
  /// `code` is the layer of the network whose output is the code. Gradients are those of the sum
  /// units * loss + penalties, divided by `units`. Throws ShapeError for tied weights in a network
  /// whose decoder does not mirror the encoder.
  Objective(TrainableNetwork<Scalar> network, std::shared_ptr<TrainingParts<Scalar>> parts,
            Index code, std::uint64_t seed, double units)
      : network_(std::move(network)),
        parts_(std::move(parts)),
        hooks_(*parts_, code, seed),
        units_(units) {
    if (!tied()) return;
    require_mirrored(network_);
    for (Index i = 0; i < network_.size() / 2; ++i) tie(network_, i);
  }

  /// The same for a network and parts of known types; the network must live as long.
  template <class Network, class... Parts>
  Objective(Network& network, const FitParts<Parts...>& parts, Index code, std::uint64_t seed,
            double units)
      : Objective(trainable_with<FitParts<Parts...>>(network), typed_parts<Scalar>(parts), code,
                  seed, units) {}

  TrainableNetwork<Scalar>& network() { return network_; }
  const TrainingParts<Scalar>& parts() const { return *parts_; }
  TrainingParts<Scalar>& parts() { return *parts_; }
  bool tied() const { return parts_->present.tied_weights; }

  /// The factor on all gradients.
  double gradient_scale() const { return parts_->gradient_scale(units_); }

  /// True if gradients must be stored and cannot be used tile by tile: tied weights and the
  /// contractive penalty add to them, and clipping needs all of them at once.
  bool must_store() const {
    return tied() || parts_->present.contractive || parts_->present.clipping;
  }

  /// True for a parameter that is a copy of another.
  bool is_copy(Index layer, Index parameter) const {
    return tied() && parameter == 0 && layer >= network_.size() / 2;
  }

  /// Through the network; with each tile of the output its loss is summed, column by column, and
  /// the loss's derivative goes to the last layer's delta. Returns the mean loss over all elements
  /// that are not missing.
  double forward(const Batch<Scalar>& batch, Index step) {
    workspace_.prepare(network_.layers, batch.x.cols());
    const auto delta = linalg::shared(workspace_.delta(network_.size() - 1));
    const double elements = batch.elements > 0 ? batch.elements : elements_of(batch);
    weigh(batch, elements);
    const Index tiles = ceil_div(batch.target.rows(), Product<Scalar>::tile_rows);
    if (sums_.cols() < batch.x.cols()) sums_.resize(tiles, batch.x.cols());
    sums_.setZero();  // a layer of the caller's own may finish its output in other tiles
    const LossTile<Scalar> finish{*parts_,         batch.target, batch.present,
                                  weights_.data(), delta,        sums_};
    hooks_.start(step, batch.done, static_cast<Scalar>(batch.share * gradient_scale() / units_),
                 batch.first);
    detail::forward<Scalar>(network_.layers, batch.x, workspace_, finish, hooks());
    if (parts_->present.contractive) hooks_.add_contractive_penalty(network_, workspace_);
    return summed(batch) / elements;
  }

  /// The penalties of the batch whose forward pass is over, in the units of the loss of the
  /// caller's data.
  double batch_penalty() const { return hooks_.penalty(); }

  /// Of all the regularized parameters.
  double weight_penalty() {
    double sum = 0;
    for_each_parameter(network_, [&](Index layer, Index p, const auto& parameter) {
      if (!parameter.regularized || is_copy(layer, p)) return;
      sum += parts_->weight_penalty(linalg::const_view(parameter.value));
    });
    return sum;
  }

  /// After `forward`, and only where they need not be stored: gives every gradient, tile by tile,
  /// to the epilogue `epilogues(layer, parameter)`.
  void backward(const Batch<Scalar>& batch, GradientEpilogues<Scalar> epilogues) {
    detail::backward<Scalar>(network_, batch.x, workspace_, epilogues, hooks());
  }

  /// After `forward`: stores all gradients.
  void backward(const Batch<Scalar>& batch, PerParameter<Scalar>& gradients) {
    stores_.resize(most_parameters(network_));
    const auto epilogues = [&](Index layer, Index p) -> linalg::EpilogueRef<Scalar> {
      return stores_[static_cast<std::size_t>(p)] = StoreTile<Scalar>(gradients(layer, p));
    };
    backward(batch, GradientEpilogues<Scalar>(epilogues));
    if (parts_->present.contractive) parts_->add_contractive_gradients(gradients);
    if (!tied()) return;
    for (Index i = 0; i < network_.size() / 2; ++i) {
      gradients(i, 0) += gradients(mirror(network_, i), 0).transpose();
    }
  }

  Workspace<Scalar>& workspace() { return workspace_; }

 private:
  LayerHooks<Scalar>* hooks() { return parts_->act_between_layers() ? &hooks_ : nullptr; }

  /// Makes every sample's weight a share of the mean over all elements.
  void weigh(const Batch<Scalar>& batch, double elements) {
    const auto each = static_cast<Scalar>(gradient_scale() / elements);
    if (weights_.size() < batch.x.cols()) weights_.resize(batch.x.cols());
    for (Index j = 0; j < batch.x.cols(); ++j) {
      weights_[j] = each * weight_of<Scalar>(batch, j);
    }
  }

  template <class To>
  static To weight_of(const Batch<Scalar>& batch, Index j) {
    if (batch.sample_weights.empty()) return 1;
    return static_cast<To>(batch.sample_weights[static_cast<std::size_t>(j)]);
  }

  /// The samples' losses, each counted by its weight.
  double summed(const Batch<Scalar>& batch) const {
    double sum = 0;
    for (Index j = 0; j < batch.x.cols(); ++j) {
      double sample = 0;
      for (Index i = 0; i < sums_.rows(); ++i) sample += static_cast<double>(sums_(i, j));
      sum += sample * weight_of<double>(batch, j);
    }
    return sum;
  }

  TrainableNetwork<Scalar> network_;
  std::shared_ptr<TrainingParts<Scalar>> parts_;
  TrainingHooks<Scalar> hooks_;
  double units_;
  Workspace<Scalar> workspace_;
  std::vector<StoreTile<Scalar>> stores_;  // of the parameters of one layer
  Matrix<Scalar> sums_;     // of the loss: a row for each row of tiles, a column for each sample
  Vector<Scalar> weights_;  // of the samples; as long as the largest batch
};

template <class Network, class... Parts>
Objective(Network&, const FitParts<Parts...>&, Index, std::uint64_t, double)
    -> Objective<typename Network::Scalar>;

}  // namespace ae::inline AE_ABI::detail

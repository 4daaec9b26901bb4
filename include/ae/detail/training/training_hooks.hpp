#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/padded_matrix.hpp"
#include "ae/detail/training/training_parts.hpp"

namespace ae::inline AE_ABI::detail {

/// What training does between the layers of a network: dropout, penalties on the codes, and
/// sampling them. What is drawn depends on the seed and the step only.
template <class Scalar>
class TrainingHooks final : public LayerHooks<Scalar> {
  using View = linalg::View<Scalar>;
  using ConstView = linalg::ConstView<Scalar>;

 public:
  /// `code` is the layer whose output is the code.
  TrainingHooks(TrainingParts<Scalar>& parts, Index code, std::uint64_t seed)
      : parts_(parts), code_(code), seed_(seed) {}

  /// Before the forward pass of a step; `done` is how much of the fit is, from 0 to 1; `per_unit`
  /// turns gradients of penalties, which are in the units of the loss of the caller's data, to
  /// those of the network; `first` is the place of the first sample in the batch, of which another
  /// process may have another part.
  void start(Index step, double done, Scalar per_unit, Index first = 0) {
    step_ = static_cast<std::uint32_t>(step);
    done_ = done;
    per_unit_ = per_unit;
    first_ = first;
    penalty_ = 0;
  }

  /// Of the batch whose forward pass is over, in the units of the loss of the caller's data.
  double penalty() const { return penalty_; }

  ConstView on_forward(Index i, ConstView y) override {
    if (i != code_) return parts_.present.dropout ? drop(i, y) : y;
    if (parts_.present.activity_penalty) penalty_ = parts_.activity_penalty(y, done_);
    if (!parts_.present.reparameterization) return y;
    parts_.draw_codes(y, from_first(Random(seed_, Purpose::sample, step_), y.rows() / 2), z_,
                      scaled_noise_);
    return linalg::const_view(z_);
  }

  ConstView input_of_next(Index i, ConstView y) override {
    if (i == code_) return parts_.present.reparameterization ? linalg::const_view(z_) : y;
    if (!parts_.present.dropout) return y;
    return linalg::const_view(dropped_[static_cast<std::size_t>(i)].view());
  }

  View delta_destination(Index i, Workspace<Scalar>& workspace) override {
    if (i != code_ || !parts_.present.reparameterization) return workspace.delta(i);
    dz_.resize(z_.rows(), z_.cols());
    return linalg::view(dz_);
  }

  void on_backward(Index i, const BackwardRef<Scalar>& layer,
                   Workspace<Scalar>& workspace) override {
    View delta = workspace.delta(i);
    const ConstView kept = linalg::const_view(workspace.kept(i));
    if (i == code_) {
      backward_code(linalg::const_view(workspace.output(i)), delta);
    } else if (parts_.present.dropout) {
      delta.array() *= masks_[static_cast<std::size_t>(i)].view().array();
    }
    layer.differentiate(delta, kept);
    if (parts_.present.contractive && i <= code_) {
      parts_.add_contractive_delta(i, layer, kept, delta);
    }
  }

  /// After a forward pass.
  void add_contractive_penalty(const TrainableNetwork<Scalar>& network,
                               Workspace<Scalar>& workspace) {
    penalty_ += parts_.contractive_penalty(network, code_, workspace,
                                           Random(seed_, Purpose::direction, step_), per_unit_);
  }

 private:
  /// Where a sample takes so many numbers.
  Random from_first(const Random& random, Index numbers) const {
    return random.from(static_cast<std::uint64_t>(first_ * numbers));
  }

  void backward_code(ConstView codes, View delta) {
    if (parts_.present.reparameterization) parts_.backward_codes(codes, dz_, scaled_noise_, delta);
    if (parts_.present.activity_penalty) {
      parts_.add_activity_gradient(codes, done_, per_unit_, delta);
    }
  }

  ConstView drop(Index i, ConstView y) {
    const auto at = static_cast<std::size_t>(i);
    if (masks_.size() <= at) {
      masks_.resize(at + 1);
      dropped_.resize(at + 1);
    }
    masks_[at].resize(y.rows(), y.cols());
    dropped_[at].resize(y.rows(), y.cols());
    auto mask = masks_[at].view(), dropped = dropped_[at].view();
    const Random random(seed_ + at, Purpose::drop, step_);
    const bool each = !parts_.present.dropout->whole_batch;
    parts_.present.dropout->draw(mask, each ? from_first(random, y.rows()) : random);
    dropped = y.cwiseProduct(mask);
    return linalg::const_view(dropped);
  }

  TrainingParts<Scalar>& parts_;
  Index code_;
  std::uint64_t seed_;
  Scalar per_unit_ = 1;
  std::uint32_t step_ = 0;
  Index first_ = 0;
  double done_ = 1;
  double penalty_ = 0;
  std::vector<PaddedMatrix<Scalar>> masks_, dropped_;  // of each hidden layer, outputs x batch
  Matrix<Scalar> z_, scaled_noise_, dz_;               // latent x batch
};

}  // namespace ae::inline AE_ABI::detail

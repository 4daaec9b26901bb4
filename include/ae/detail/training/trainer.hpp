#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/training/objective.hpp"
#include "ae/detail/training/rollback.hpp"
#include "ae/detail/training/update_tile.hpp"

namespace ae::inline AE_ABI::detail::mpi {

template <class Scalar>
class JointStep;

}  // namespace ae::inline AE_ABI::detail::mpi

namespace ae::inline AE_ABI::detail {

/// The parts of a fit at work on one network. What is minimised is units * loss + penalties, that
/// is, the penalties are held against a loss in the units of the caller's data; the gradients are
/// those of this sum divided by `units`, so that a rate means the same for data of any scale.
template <class Scalar>
class Trainer {
 public:
  /// `code` is the layer whose output is the code, where the parts have something to do with it.
  Trainer(TrainableNetwork<Scalar> network, TrainingState<Scalar>& state,
          std::shared_ptr<TrainingParts<Scalar>> parts, double units = 1, Index code = -1,
          std::uint64_t seed = 0)
      : state_(state),
        per_unit_(static_cast<Scalar>(1 / units)),
        objective_(std::move(network), std::move(parts), code, seed, units) {
    require<OptionError>(std::isfinite(per_unit_),
                         "fit: expected data of a scale whose loss can be ",
                         "divided by in this scalar type, found a loss of ", units, " a unit");
    state.prepare(objective_.network(), objective_.parts().moments());
    updates_.resize(most_parameters(objective_.network()));
  }

  /// The same for a network and parts of known types; the network must live as long.
  template <class Network, class... Parts>
  Trainer(Network& network, TrainingState<Scalar>& state, const FitParts<Parts...>& parts,
          double units = 1, Index code = -1, std::uint64_t seed = 0)
      : Trainer(trainable_with<FitParts<Parts...>>(network), state, typed_parts<Scalar>(parts),
                units, code, seed) {}

  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Of the products of the steps that follow.
  void set_precision(Precision precision) {
    objective_.workspace().product.set_precision(precision);
  }

  using Adjust = FunctionRef<void(PerParameter<Scalar>& gradients)>;

  /// One step; returns the batch's data loss before it. The first step and each step 0 of an epoch
  /// are where a later failure goes back to. Throws DivergenceError.
  double step(const Batch<Scalar>& batch, double rate, Index step_of_epoch) {
    if (objective_.must_store()) {
      const auto clip_them = [&](PerParameter<Scalar>& gradients) { clip(gradients); };
      return step(batch, rate, step_of_epoch, Adjust(clip_them));
    }
    const double data_loss = begin(batch, step_of_epoch);
    parts().begin_step(rate, ++state_.steps,
                       per_unit_ * static_cast<Scalar>(objective_.gradient_scale()));
    const auto epilogues = [&](Index layer, Index p) -> linalg::EpilogueRef<Scalar> {
      return updates_[static_cast<std::size_t>(p)] = updating(layer, p);
    };
    objective_.backward(batch, GradientEpilogues<Scalar>(epilogues));
    return data_loss;
  }

  /// The same where `adjust(gradients)` sees the gradients of all parameters, without those of the
  /// regularizer, before any of them changes, and may change the gradients: for clipping and for
  /// inspection. Slower, since gradients go through memory; the same bits if nothing is adjusted.
  double step(const Batch<Scalar>& batch, double rate, Index step_of_epoch, Adjust adjust) {
    const double data_loss = begin(batch, step_of_epoch);
    gradients_.prepare(network());
    objective_.backward(batch, gradients_);
    adjust(gradients_);
    parts().begin_step(rate, ++state_.steps,
                       per_unit_ * static_cast<Scalar>(objective_.gradient_scale()));
    for_each_parameter(network(), [&](Index i, Index p, const auto& parameter) {
      if (!parameter.trained || objective_.is_copy(i, p)) return;
      auto gradient = gradients_(i, p);
      updating(i, p)(gradient, {0, gradient.rows()}, {0, gradient.cols()});
      if (objective_.tied() && p == 0) tie(network(), i);
    });
    return data_loss;
  }

  /// A step on samples that are their own targets (features x batch).
  double step(const ConstMatrixRef<Scalar>& x, double rate, Index step_of_epoch) {
    return step(itself(x), rate, step_of_epoch);
  }
  double step(const ConstMatrixRef<Scalar>& x, double rate, Index step_of_epoch, Adjust adjust) {
    return step(itself(x), rate, step_of_epoch, adjust);
  }

  /// Of all the regularized parameters, and of the codes of the latest batch.
  double weight_penalty() { return objective_.weight_penalty(); }
  double batch_penalty() const { return objective_.batch_penalty(); }

  TrainableNetwork<Scalar>& network() { return objective_.network(); }

  /// What a layer gave for the latest batch.
  linalg::View<Scalar> output(Index layer) { return objective_.workspace().output(layer); }

  /// Throws DivergenceError if a parameter is not finite.
  void require_finite(Index step_of_epoch) {
    Index broken = -1;
    for_each_parameter(network(), [&](Index layer, Index, const auto& parameter) {
      if (broken < 0 && !all_finite(linalg::const_view(parameter.value))) broken = layer;
    });
    if (broken >= 0) diverged(step_of_epoch, broken);
  }

 private:
  friend class mpi::JointStep<Scalar>;

  TrainingParts<Scalar>& parts() { return objective_.parts(); }

  static Batch<Scalar> itself(const ConstMatrixRef<Scalar>& x) {
    return {linalg::const_view(x), linalg::const_view(x)};
  }

  void clip(PerParameter<Scalar>& gradients) {
    if (!parts().present.clipping) return;
    gradients.clip_value(parts().present.clipping->value);
    gradients.clip_norm(parts().present.clipping->norm);
  }

  double begin(const Batch<Scalar>& batch, Index step_of_epoch) {
    const double data_loss = forward(batch, step_of_epoch);
    if (step_of_epoch == 0 || rollback_.empty()) rollback_.keep(network(), state_);
    return data_loss;
  }

  double forward(const Batch<Scalar>& batch, Index step_of_epoch) {
    const double data_loss = objective_.forward(batch, state_.steps);
    if (!std::isfinite(data_loss + objective_.batch_penalty())) {
      require_finite_batch(batch, step_of_epoch);
      diverged(step_of_epoch, first_infinite_output());
    }
    return data_loss;
  }

  UpdateTile<Scalar> updating(Index layer, Index p) {
    auto& parameter = network().parameter(layer, p);
    UpdateTile<Scalar> update{&parts(),
                              parameter.regularized,
                              parameter.value.rows(),
                              parameter.value.cols(),
                              {parameter.value.data(), parameter.value.outerStride()},
                              {}};
    PerParameter<Scalar>* const moments[] = {&state_.first_moment, &state_.second_moment};
    for (Index i = 0; i < parts().moments(); ++i) {
      auto moment = (*moments[i])(layer, p);
      update.moments[i] = {moment.data(), moment.outerStride()};
    }
    return update;
  }

  static bool all_finite(linalg::ConstView<Scalar> x) {
    for (Index j = 0; j < x.cols(); ++j) {
      for (Index i = 0; i < x.rows(); ++i) {
        if (!std::isfinite(x(i, j))) return false;
      }
    }
    return true;
  }

  Index first_infinite_output() {
    for (Index i = 0; i < network().size(); ++i) {
      if (!all_finite(linalg::const_view(objective_.workspace().output(i)))) return i;
    }
    return network().size();
  }

  /// Throws DivergenceError for a value that is not finite, with its sample and feature.
  void require_finite_batch(const Batch<Scalar>& batch, Index step_of_epoch) {
    for (Index j = 0; j < batch.x.cols(); ++j) {
      for (Index i = 0; i < batch.x.rows(); ++i) {
        if (std::isfinite(batch.x(i, j))) continue;
        const Index sample = batch.samples.empty() ? j : batch.samples[static_cast<std::size_t>(j)];
        diverged(step_of_epoch, -1,
                 text("sample ", sample, " of the data holds a value that is not finite, in ",
                      "feature ", i));
      }
    }
  }

  [[noreturn]] void diverged(Index step_of_epoch, Index layer) {
    if (layer == network().size()) diverged(step_of_epoch, layer, "the loss overflows");
    const LayerRef<Scalar>& broken = network().layer(layer);
    diverged(step_of_epoch, layer,
             text("layer ", layer, " (", shape(broken.outputs, broken.inputs), ", ", broken.name,
                  ") is no longer finite"));
  }

  [[noreturn]] void diverged(Index step_of_epoch, Index layer, const std::string& where) {
    const Index epoch = state_.epochs;
    rollback_.go_back(network(), state_);
    throw DivergenceError(
        text("training diverged in epoch ", epoch, ", step ", step_of_epoch, ": ", where,
             "; the model is back at its last finite state",
             layer < 0 ? "" : " (a smaller learning rate or scaled data may help)"),
        epoch, step_of_epoch, layer);
  }

  TrainingState<Scalar>& state_;
  Scalar per_unit_;
  Objective<Scalar> objective_;
  std::vector<UpdateTile<Scalar>> updates_;  // of the parameters of one layer
  PerParameter<Scalar> gradients_;           // where a step does not use them at once
  Rollback<Scalar> rollback_;
};

template <class Network, class Scalar, class... Parts, class... Rest>
Trainer(Network&, TrainingState<Scalar>&, const FitParts<Parts...>&, Rest...) -> Trainer<Scalar>;

}  // namespace ae::inline AE_ABI::detail

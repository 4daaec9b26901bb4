#pragma once

#include "ae/detail/core/require.hpp"
#include "ae/detail/linalg/entries.hpp"
#include "ae/detail/training/objective.hpp"
#include "ae/detail/training/rollback.hpp"

namespace ae::detail {

/// The parts of a fit at work on one network. What it minimises is units * loss + penalties, that
/// is, the penalties are held against a loss in the units of the caller's data; the gradients are
/// those of this sum divided by `units`, so that a rate means the same for data of any scale.
template <class Network, class Parts>
class Trainer {
 public:
  using Scalar = typename Network::Scalar;

  /// `code` is the layer whose output is the code, where the parts have something to do with it.
  Trainer(Network& network, TrainingState<Scalar>& state, const Parts& parts, double units = 1,
          Index code = -1, std::uint64_t seed = 0)
      : network_(network),
        state_(state),
        parts_(parts),
        optimizer_(parts.optimizer()),
        regularizer_(parts.regularizer()),
        per_unit_(static_cast<Scalar>(1 / units)),
        objective_(network, parts_, code, seed, units),
        rollback_(network, state) {
    require<OptionError>(std::isfinite(per_unit_),
                         "fit: expected data of a scale whose loss can be ",
                         "divided by in this scalar type, found a loss of ", units, " a unit");
    state.prepare(network);
  }
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// One step; returns the batch's data loss before it. The first step and each step 0 of an epoch
  /// are where a later failure goes back to. Throws DivergenceError.
  double step(const Batch<Scalar>& batch, double rate, Index step_of_epoch) {
    if constexpr (Objective<Network, Parts>::must_store) {
      return step(batch, rate, step_of_epoch, [&](auto& gradients) { clip(gradients); });
    } else {
      const double data_loss = begin(batch, step_of_epoch);
      const auto update = optimizer_.template rule<Scalar>(rate, ++state_.steps);
      objective_.backward(
          batch, [&](Index layer, Index parameter) { return stepping(update, layer, parameter); });
      return data_loss;
    }
  }

  /// The same where `adjust(gradients)` sees the gradients of all parameters, without those of the
  /// regularizer, before any of them changes, and may change the gradients: for clipping and for
  /// inspection. Slower, since gradients go through memory; the same bits if nothing is adjusted.
  template <class Adjust>
  double step(const Batch<Scalar>& batch, double rate, Index step_of_epoch, Adjust&& adjust) {
    const double data_loss = begin(batch, step_of_epoch);
    gradients_.prepare(network_);
    objective_.backward(batch, gradients_);
    adjust(gradients_);
    const auto update = optimizer_.template rule<Scalar>(rate, ++state_.steps);
    for (Index i = 0; i < network_.size(); ++i) {
      network_.visit(i, [&](auto& layer) {
        for (Index p = 0; p < layer.parameters; ++p) {
          if (objective_.is_copy(i, p)) continue;
          hand_out<Product<Scalar>::tile_rows>(gradients_(i, p), stepping(update, i, p));
          if (objective_.tied && p == 0) tie(network_, i);
        }
      });
    }
    return data_loss;
  }

  /// A step on samples that are their own targets (features x batch).
  double step(const ConstMatrixRef<Scalar>& x, double rate, Index step_of_epoch, auto&&... adjust) {
    return step(Batch<Scalar>{x, x}, rate, step_of_epoch, adjust...);
  }

  /// Of all the regularized parameters, and of the codes of the latest batch.
  double weight_penalty() const { return objective_.weight_penalty(); }
  double batch_penalty() const { return objective_.batch_penalty(); }

  /// Throws DivergenceError if a parameter is not finite.
  void require_finite(Index step_of_epoch) {
    Index broken = -1;
    for_each_parameter(network_, [&](Index layer, Index, auto parameter) {
      if (broken < 0 && !parameter.value.allFinite()) broken = layer;
    });
    if (broken >= 0) diverged(step_of_epoch, broken);
  }

 private:
  void clip(PerParameter<Scalar>& gradients) {
    if constexpr (Parts::template has<kind::ClipGradients>) {
      gradients.clip_value(parts_.template get<kind::ClipGradients>().value);
      gradients.clip_norm(parts_.template get<kind::ClipGradients>().norm);
    }
  }

  double begin(const Batch<Scalar>& batch, Index step_of_epoch) {
    const double data_loss = objective_.forward(batch, state_.steps);
    if (!std::isfinite(data_loss + objective_.batch_penalty())) {
      if (!batch.x.allFinite()) diverged(step_of_epoch, -1, bad_value(batch));
      diverged(step_of_epoch, first_infinite_output());
    }
    if (step_of_epoch == 0 || rollback_.empty()) rollback_.keep();
    return data_loss;
  }

  /// Steps the optimizer on the tiles of a gradient: weights and moments are touched once.
  auto stepping(const auto& update, Index layer, Index parameter) {
    auto [name, value, regularized] = parameter_of(network_, layer, parameter);
    const auto step = [&update, regularized = regularized, this](const auto& g, auto w,
                                                                 auto... moments) {
      if (regularized) {
        update(w, g + per_unit_ * regularizer_.gradient(w), moments...);
      } else if constexpr (requires { update.without_decay(); }) {
        update.without_decay()(w, g, moments...);
      } else {
        update(w, g, moments...);
      }
    };
    constexpr Index moments = std::decay_t<decltype(optimizer_)>::moments;
    const auto on_entries = [&](auto&&... kept) {
      return detail::on_entries(step, linalg::shared(value), kept...);
    };
    if constexpr (moments == 0) {
      return on_entries();
    } else if constexpr (moments == 1) {
      return on_entries(state_.first(layer, parameter));
    } else {
      return on_entries(state_.first(layer, parameter), state_.second(layer, parameter));
    }
  }

  Index first_infinite_output() {
    for (Index i = 0; i < network_.size(); ++i) {
      if (!objective_.workspace().output(i).allFinite()) return i;
    }
    return network_.size();
  }

  static std::string bad_value(const Batch<Scalar>& batch) {
    Index row = 0, col = 0;
    (!batch.x.array().isFinite()).template cast<int>().maxCoeff(&row, &col);
    const Index sample = batch.samples.empty() ? col : batch.samples[static_cast<std::size_t>(col)];
    return text("sample ", sample, " of the data holds a value that is not finite, in feature ",
                row);
  }

  [[noreturn]] void diverged(Index step_of_epoch, Index layer) {
    diverged(step_of_epoch, layer,
             layer == network_.size()
                 ? std::string("the loss overflows")
                 : text("layer ", layer, " (", layer_name(layer), ") is no longer finite"));
  }

  [[noreturn]] void diverged(Index step_of_epoch, Index layer, const std::string& where) {
    const Index epoch = state_.epochs;
    rollback_.go_back();
    throw DivergenceError(
        text("training diverged in epoch ", epoch, ", step ", step_of_epoch, ": ", where,
             "; the model is back at its last finite state",
             layer < 0 ? "" : " (a smaller learning rate or scaled data may help)"),
        epoch, step_of_epoch, layer);
  }

  std::string layer_name(Index index) const {
    std::string found;
    network_.visit(index, [&](const auto& layer) {
      found = text(shape(layer.outputs(), layer.inputs()), ", ", layer.name());
    });
    return found;
  }

  Network& network_;
  TrainingState<Scalar>& state_;
  Parts parts_;
  decltype(std::declval<Parts>().optimizer()) optimizer_;
  decltype(std::declval<Parts>().regularizer()) regularizer_;
  Scalar per_unit_;
  Objective<Network, Parts> objective_;
  PerParameter<Scalar> gradients_;  // where a step does not use them at once
  Rollback<Network> rollback_;
};

}  // namespace ae::detail

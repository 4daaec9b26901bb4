#pragma once

#include <optional>

#include "ae/core/error.hpp"
#include "ae/nn/backprop.hpp"
#include "ae/nn/loss.hpp"
#include "ae/nn/optimizer.hpp"
#include "ae/nn/per_parameter.hpp"
#include "ae/nn/regularizer.hpp"

namespace ae {

/// What training keeps beside the weights, so that it can go on: clocks, and two moments of every
/// parameter.
template <class Scalar>
struct TrainingState {
  Index epochs = 0;
  Index steps = 0;
  PerParameter<Scalar> first, second;

  /// Zero moments for layers that have none yet.
  void prepare(auto& layers) {
    first.prepare(layers);
    second.prepare(layers);
  }
};

/// One optimizer at work on one network. What it minimises is units * loss + penalty, that is, the
/// penalty is held against a loss in the units of the caller's data; the gradients are those of
/// this sum divided by `units`, so that a rate means the same for data of any scale.
template <class Network, Optimizer Opt, Loss Objective, Regularizer Penalty>
class Trainer {
 public:
  using Scalar = typename Network::Scalar;

  Trainer(Network& network, TrainingState<Scalar>& state, const Opt& optimizer,
          const Objective& loss, const Penalty& regularizer, double units = 1)
      : network_(network),
        state_(state),
        optimizer_(optimizer),
        loss_(loss),
        regularizer_(regularizer),
        per_unit_(static_cast<Scalar>(1 / units)) {
    require<OptionError>(std::isfinite(per_unit_),
                         "fit: expected data of a scale whose loss can be ",
                         "divided by in this scalar type, found a loss of ", units, " a unit");
    state.prepare(network);
  }

  /// One step on a batch whose target is itself (features x batch); returns its data loss before
  /// the step. Step 0 of an epoch is where a later failure goes back to. Throws DivergenceError.
  double step(const ConstMatrixRef<Scalar>& x, double rate, Index step_of_epoch) {
    const double data_loss = begin(x, step_of_epoch);
    const auto update = optimizer_.template rule<Scalar>(rate, ++state_.steps);
    backward(network_, x, workspace_,
             [&](Index layer, Index parameter) { return stepping(update, layer, parameter); });
    return data_loss;
  }

  /// The same where `adjust(gradients)` sees the data loss's gradients of all parameters before any
  /// of them changes, and may change the gradients: for clipping and for inspection. Slower, since
  /// gradients go through memory; the same bits if nothing is adjusted.
  template <class Adjust>
  double step(const ConstMatrixRef<Scalar>& x, double rate, Index step_of_epoch, Adjust&& adjust) {
    const double data_loss = begin(x, step_of_epoch);
    gradients_.prepare(network_);
    backward(network_, x, workspace_, gradients_.storing());
    adjust(gradients_);
    const auto update = optimizer_.template rule<Scalar>(rate, ++state_.steps);
    for (Index i = 0; i < network_.size(); ++i) {
      network_.visit(i, [&](auto& layer) {
        for (Index p = 0; p < layer.parameters; ++p) {
          linalg::hand_out<Product<Scalar>::tile_rows>(gradients_(i, p), stepping(update, i, p));
        }
      });
    }
    return data_loss;
  }

  /// Of all the regularized parameters.
  double penalty() {
    double sum = 0;
    for_each_parameter([&](Index, auto parameter) {
      if (parameter.regularized) sum += regularizer_.penalty(parameter.value);
    });
    return sum;
  }

  /// Throws DivergenceError if a parameter is not finite.
  void require_finite(Index step_of_epoch) {
    std::optional<Index> broken;
    for_each_parameter([&](Index layer, auto parameter) {
      if (!broken && !parameter.value.allFinite()) broken = layer;
    });
    if (broken) diverged(step_of_epoch, *broken);
  }

 private:
  double begin(const ConstMatrixRef<Scalar>& x, Index step_of_epoch) {
    const double data_loss = forward_and_loss(x);
    if (!std::isfinite(data_loss)) diverged(step_of_epoch, first_infinite_output(x));
    if (step_of_epoch == 0) keep();
    return data_loss;
  }

  /// Through the network; with each tile of the output its loss is summed, column by column, and
  /// the loss's derivative goes to the last layer's delta. Returns the mean loss.
  double forward_and_loss(const ConstMatrixRef<Scalar>& target) {
    constexpr Index height = Product<Scalar>::tile_rows;
    const Index last = network_.size() - 1;
    workspace_.prepare(network_, target.cols());
    auto delta = workspace_.delta(last);
    const auto elements = static_cast<double>(target.size());
    const auto weight = static_cast<Scalar>(1 / elements);
    const Index tiles = (target.rows() + height - 1) / height;
    if (sums_.cols() < target.cols()) sums_.resize(tiles, target.cols());
    sums_.setZero();
    const auto finish = [&](Index row, Index col, const auto& y, const auto& t, auto dy) {
      sums_(row / height, col) += loss_.value(y.array(), t.array()).sum();
      dy.array() = weight * loss_.derivative(y.array(), t.array());
    };
    forward(network_, target, workspace_, linalg::on_columns(finish, target, delta));
    return sums_.leftCols(target.cols()).template cast<double>().sum() / elements;
  }

  /// Steps the optimizer on the tiles of a gradient: weights and moments are touched once.
  auto stepping(const auto& update, Index layer, Index parameter) {
    auto [name, value, regularized] = parameter_of(network_, layer, parameter);
    const auto step = [&update, regularized = regularized, this](Index, Index, const auto& g,
                                                                 auto w, auto m, auto v) {
      if (regularized) {
        update(w, g + per_unit_ * regularizer_.gradient(w), m, v);
      } else {
        update(w, g, m, v);
      }
    };
    return linalg::on_columns(step, value, state_.first(layer, parameter),
                              state_.second(layer, parameter));
  }

  void for_each_parameter(auto&& f) {
    for (Index i = 0; i < network_.size(); ++i) {
      network_.visit(i, [&](auto& layer) {
        for (Index p = 0; p < layer.parameters; ++p) f(i, layer.parameter(p));
      });
    }
  }

  Index first_infinite_output(const ConstMatrixRef<Scalar>& x) {
    if (!x.allFinite()) return -1;
    for (Index i = 0; i < workspace_.layers(); ++i) {
      if (!workspace_.output(i).allFinite()) return i;
    }
    return workspace_.layers();
  }

  void keep() {
    if (snapshot_) {
      *snapshot_ = std::tie(network_, state_);
    } else {
      snapshot_.emplace(network_, state_);
    }
  }

  [[noreturn]] void diverged(Index step_of_epoch, Index layer) {
    const Index epoch = state_.epochs;
    if (snapshot_) std::tie(network_, state_) = *snapshot_;
    const std::string where =
        layer < 0 ? "the data hold a value that is not finite"
        : layer == network_.size()
            ? std::string("the loss overflows")
            : text("layer ", layer, " (", layer_name(layer), ") is no longer finite");
    throw DivergenceError(
        text("training diverged in epoch ", epoch, ", step ", step_of_epoch, ": ", where,
             "; the model is back at its last finite state (a smaller rate or scaled data may "
             "help)"),
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
  const Opt& optimizer_;
  const Objective& loss_;
  const Penalty& regularizer_;
  Scalar per_unit_;
  Workspace<Scalar> workspace_;
  PerParameter<Scalar> gradients_;  // where a step does not use them at once
  Matrix<Scalar> sums_;  // of the loss: a row for each row of tiles, a column for each sample
  std::optional<std::tuple<Network, TrainingState<Scalar>>> snapshot_;
};

}  // namespace ae

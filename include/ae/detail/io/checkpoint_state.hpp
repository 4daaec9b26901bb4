#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/io/description.hpp"
#include "ae/detail/io/named_tensors.hpp"
#include "ae/detail/training/state.hpp"

/// What a checkpoint keeps of the training, as tensors with names.
namespace ae::inline AE_ABI::detail {

/// The name of the matrix of a parameter: "first.0.1".
std::string checkpoint_name(const char* set, Index layer, Index parameter);

Metadata checkpoint_metadata(const std::string& layers);

/// Throws FileError unless a file is a checkpoint, of these layers.
void require_checkpoint(const SafeTensors& file, const std::string& layers,
                        const std::string& where);

void add_tensors(SafeTensors& file, const std::vector<TensorView>& matrices);
void add_tensors(SafeTensors& file, const std::vector<NumberView>& numbers);

/// An epoch a row.
void add_history(SafeTensors& file, const History& history);
/// Throws FileError for an epoch that is no number of an epoch.
History read_history(NamedTensors& file);

/// Throws FileError for one that is not finite.
std::optional<double> read_threshold(NamedTensors& file);

/// Every set of matrices of a state, with its name.
template <class Scalar>
std::vector<std::pair<const char*, PerParameter<Scalar>*>> matrix_sets(
    TrainingState<Scalar>& state) {
  return {{"first", &state.first_moment},
          {"second", &state.second_moment},
          {"average", &state.average},
          {"best", &state.fit.best},
          {"latest", &state.fit.latest}};
}

/// Every number of a state.
template <class Scalar>
std::vector<NumberView> number_views(TrainingState<Scalar>& state) {
  auto& fit = state.fit;
  auto& plan = fit.plan;
  return {{"epochs", state.epochs},
          {"steps", state.steps},
          {"fit.epoch", fit.epoch},
          {"fit.step", fit.step},
          {"fit.loss_sum", fit.loss_sum},
          {"fit.penalty_sum", fit.penalty_sum},
          {"fit.best_loss", fit.best_loss},
          {"fit.best_epoch", fit.best_epoch},
          {"fit.plan.epochs", plan.epochs},
          {"fit.plan.batch_size", plan.batch_size},
          {"fit.plan.samples", plan.samples},
          {"fit.plan.seed", plan.seed},
          {"fit.plan.learning_rate", plan.learning_rate},
          {"fit.plan.ema_decay", plan.ema_decay},
          {"fit.plan.validation_split", plan.validation_split},
          {"fit.plan.patience", plan.patience},
          {"fit.plan.sequential", plan.sequential},
          {"fit.plan.bfloat16", plan.bfloat16}};
}

/// Those that a fit in `Order::blocks` alone has.
template <class Scalar>
std::vector<NumberView> block_views(TrainingState<Scalar>& state) {
  return {{"fit.plan.block", state.fit.plan.block}, {"fit.plan.window", state.fit.plan.window}};
}

/// A set of matrices, one for each parameter of a network.
template <class Network, class Scalar>
std::vector<TensorView> matrix_views(const char* set, Network& network,
                                     PerParameter<Scalar>& matrices) {
  std::vector<TensorView> all;
  for_each_parameter(network, [&](Index i, Index p, const auto&) {
    all.push_back(tensor_view<Scalar>(checkpoint_name(set, i, p), matrices(i, p)));
  });
  return all;
}

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/checkpoint_state-inl.hpp"
#endif

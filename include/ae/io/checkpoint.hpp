#pragma once

#include <cmath>

#include "ae/data/scaler.hpp"
#include "ae/detail/io/metadata.hpp"
#include "ae/detail/io/model_layers.hpp"
#include "ae/detail/io/named_tensors.hpp"
#include "ae/detail/training/state.hpp"

/// Training that goes on after a stop as if there had been none: weights, moments, clocks, where
/// the fit stands, its history and its best weights, as one safetensors file. What is random
/// depends on the seed and these clocks only, so there is no other state to keep. Needs
/// nlohmann/json.
///
///     if (again) ae::load_checkpoint("fit.safetensors", model);
///     model.fit(x, {.resume = again, .callbacks = {[&](const ae::Progress& at) {
///                     if (at.epoch_ended) ae::save_checkpoint(model, "fit.safetensors");
///                   }}});
namespace ae {

namespace detail {

constexpr const char* checkpoint_format = "ae checkpoint 1";

/// Calls f(name, number) for every number of a state, which `f` may read or write.
void for_each_number(auto& state, auto&& f) {
  auto& fit = state.fit;
  f("epochs", state.epochs);
  f("steps", state.steps);
  f("fit.epoch", fit.epoch);
  f("fit.step", fit.step);
  f("fit.loss_sum", fit.loss_sum);
  f("fit.penalty_sum", fit.penalty_sum);
  f("fit.best_loss", fit.best_loss);
  f("fit.best_epoch", fit.best_epoch);
  f("fit.plan.epochs", fit.plan.epochs);
  f("fit.plan.batch_size", fit.plan.batch_size);
  f("fit.plan.samples", fit.plan.samples);
  f("fit.plan.seed", fit.plan.seed);
  f("fit.plan.learning_rate", fit.plan.learning_rate);
  f("fit.plan.ema_decay", fit.plan.ema_decay);
  f("fit.plan.validation_split", fit.plan.validation_split);
  f("fit.plan.patience", fit.plan.patience);
  f("fit.plan.sequential", fit.plan.sequential);
}

/// Calls f(name, matrices) for every set of matrices of a state.
void for_each_set(auto& state, auto&& f) {
  f("first", state.first);
  f("second", state.second);
  f("average", state.average);
  f("best", state.fit.best);
}

inline std::string checkpoint_name(const char* set, Index layer, Index parameter) {
  return detail::text(set, '.', layer, '.', parameter);
}

/// An epoch a row.
inline Matrix<double> history_matrix(const History& history) {
  Matrix<double> rows(static_cast<Index>(history.size()), 6);
  for (std::size_t i = 0; i < history.size(); ++i) {
    const EpochReport& at = history[i];
    rows.row(static_cast<Index>(i)) << static_cast<double>(at.epoch), at.data_loss, at.penalty,
        at.validation, at.learning_rate, at.seconds;
  }
  return rows;
}

/// Throws FileError for an epoch that is no number of an epoch.
inline History history_from(const Matrix<double>& rows, const std::string& place) {
  History history;
  for (const auto& row : rows.rowwise()) {
    history.push_back({.epoch = whole_number<Index>(row[0], place),
                       .data_loss = row[1],
                       .penalty = row[2],
                       .validation = row[3],
                       .learning_rate = row[4],
                       .seconds = row[5]});
  }
  return history;
}

}  // namespace detail

/// The bytes of a checkpoint of a model.
template <class Model>
std::string checkpoint_bytes(const Model& model) {
  using Scalar = typename Model::Scalar;
  SafeTensors file;
  file.metadata["format"] = detail::checkpoint_format;
  file.metadata["layers"] = detail::described_layers(model.network()).dump();
  auto network = model.network();
  auto state = model.training();
  const auto add = [&](const char* set, const detail::PerParameter<Scalar>& matrices) {
    if (matrices.empty()) return;
    detail::for_each_parameter(network, [&](Index i, Index p, const auto&) {
      file.tensors[detail::checkpoint_name(set, i, p)] = to_tensor(matrices(i, p));
    });
  };
  add("weights", detail::parameters_of(network));
  detail::for_each_set(state, add);
  detail::for_each_number(state, [&](const char* name, const auto& number) {
    file.tensors[name] = to_tensor(detail::number_matrix(number));
  });
  file.tensors["fit.history"] = to_tensor(detail::history_matrix(state.fit.history));
  if (!model.scaler().is_identity()) {
    file.tensors["scaler.mean"] = to_tensor(Matrix<Scalar>(model.scaler().mean()));
    file.tensors["scaler.scale"] =
        to_tensor(Matrix<Scalar>::Constant(1, 1, model.scaler().scale()));
  }
  if (model.threshold())
    file.tensors["threshold"] = to_tensor(Matrix<double>::Constant(1, 1, *model.threshold()));
  return safetensors_bytes(file, "checkpoint");
}

/// Puts a model back to where it was. Throws FileError, with `where` in front, for bytes that are
/// no checkpoint of a model of the same layers and type; the model is then as it was.
template <class Model>
void restore_checkpoint(std::string_view bytes, const std::string& where, Model& model) {
  using Scalar = typename Model::Scalar;
  const SafeTensors file = parse_safetensors(bytes, where);
  const auto format = file.metadata.find("format");
  detail::require<FileError>(
      format != file.metadata.end() && format->second == detail::checkpoint_format, where,
      ": expected the format \"", detail::checkpoint_format, "\", found ",
      format == file.metadata.end() ? "none" : detail::shown(format->second, 40));
  detail::require_metadata(file, "layers", detail::described_layers(model.network()), where);
  detail::NamedTensors checkpoint(file, where);
  auto network = model.network();
  detail::TrainingState<Scalar> state;
  const auto read = [&](const char* set, detail::PerParameter<Scalar>& matrices) {
    if (!checkpoint.has(detail::checkpoint_name(set, 0, 0))) return;
    matrices.prepare(network);
    detail::for_each_parameter(network, [&](Index i, Index p, const auto& parameter) {
      matrices(i, p) = checkpoint.get<Scalar>(detail::checkpoint_name(set, i, p),
                                              parameter.value.rows(), parameter.value.cols());
    });
  };
  detail::PerParameter<Scalar> weights;
  read("weights", weights);
  detail::require<FileError>(!weights.empty(), where,
                             ": expected a tensor \"weights.0.0\", found none");
  detail::for_each_set(state, read);
  detail::for_each_number(state, [&]<class Number>(const char* name, Number& number) {
    number = checkpoint.number<Number>(name);
  });
  state.fit.history = detail::history_from(checkpoint.get<double>("fit.history", -1, 6),
                                           checkpoint.place("fit.history"));
  std::optional<double> threshold;
  if (checkpoint.has("threshold")) threshold = checkpoint.number<double>("threshold");
  detail::require<FileError>(!threshold || std::isfinite(*threshold), checkpoint.place("threshold"),
                             ": expected a finite number, found ", threshold.value_or(0));
  Scaler<Scalar> scaler;
  if (checkpoint.has("scaler.mean")) {
    try {
      scaler = {checkpoint.get<Scalar>("scaler.mean", model.features(), 1).col(0),
                checkpoint.get<Scalar>("scaler.scale", 1, 1)(0, 0)};
    } catch (const OptionError& error) {
      throw FileError(detail::text(where, ": ", error.what()));
    }
  }
  checkpoint.require_nothing_else("a checkpoint's");
  detail::swap_parameters(network, weights);
  model.restore(std::move(network), std::move(scaler), threshold, std::move(state));
}

/// Writes the model and its training; the file is whole, or as it was before. Throws FileError.
template <class Model>
void save_checkpoint(const Model& model, const std::filesystem::path& path) {
  write_file(path, checkpoint_bytes(model));
}

/// Reads a file that `save_checkpoint` wrote into a model of the same layers. A `fit` with the same
/// data, options and parts, and `resume`, then ends in the same bits as one that was never stopped.
/// Throws FileError; the model is then as it was.
template <class Model>
void load_checkpoint(const std::filesystem::path& path, Model& model) {
  restore_checkpoint(read_file(path), path.string(), model);
}

}  // namespace ae

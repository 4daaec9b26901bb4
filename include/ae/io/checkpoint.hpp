#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/file.hpp"
#include "ae/data/scaler.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/io/checkpoint_state.hpp"
#include "ae/detail/io/model_layers.hpp"
#include "ae/parts/loss.hpp"

/// Training that goes on after a stop as if there had been none: weights, moments, clocks, where
/// the fit stands, its history and its best weights, as one safetensors file. What is random
/// depends on the seed and these clocks only, so there is no other state to keep. Needs
/// nlohmann/json.
/// ~~~{.cpp}
/// if (again) ae::load_checkpoint(model, "fit.safetensors");
/// model.fit(x, {.resume = again, .callbacks = {[&](const ae::Progress& at) {
///                 if (at.epoch_ended) ae::save_checkpoint(model, "fit.safetensors");
///               }}});
/// ~~~
namespace ae::inline AE_ABI {

/// The bytes of a checkpoint of a model.
/// ~~~{.cpp}
/// const std::string bytes = ae::checkpoint_bytes(model);  // for a place that is no file
/// ~~~
template <class Model>
std::string checkpoint_bytes(const Model& model) {
  using Scalar = typename Model::Scalar;
  auto network = model.network();
  auto state = model.training();
  detail::require<OptionError>(state.whole,
                               "checkpoint: expected moments that are whole, as at the ",
                               "end of an epoch, found those of one rank in the middle of one");
  auto weights = detail::copy_parameters(network);
  SafeTensors file{
      {}, detail::checkpoint_metadata(detail::layers_text(detail::described_layers(network)))};
  const auto add = [&](const auto& views) { detail::add_tensors(file, views); };
  add(detail::matrix_views("weights", network, weights));
  for (const auto& [name, set] : detail::matrix_sets(state)) {
    if (!set->empty()) add(detail::matrix_views(name, network, *set));
  }
  add(detail::number_views(state));
  if (state.fit.plan.block > 0) add(detail::block_views(state));
  detail::add_history(file, state.fit.history);
  if (const auto& scaler = model.scaler(); !scaler.is_identity()) {
    Matrix<Scalar> mean = scaler.center(), scale = scaler.divisors();
    if (!scaler.is_per_feature()) scale.conservativeResize(1, 1);
    const char* const scale_name = scaler.is_per_feature() ? "scaler.scales" : "scaler.scale";
    add(std::vector{detail::tensor_view<Scalar>("scaler.mean", mean),
                    detail::tensor_view<Scalar>(scale_name, scale)});
  }
  if (bool allowed = model.scaler().missing() == Missing::allowed; allowed) {
    add(std::vector{detail::NumberView("scaler.missing", allowed)});
  }
  if constexpr (detail::sets_link<Model>) {
    bool logistic = model.link() == Link::logistic;
    if (logistic) add(std::vector{detail::NumberView("logistic", logistic)});
  }
  if constexpr (requires { model.likelihood().sigma; }) {
    double sigma = model.likelihood().sigma;
    add(std::vector{detail::NumberView("sigma", sigma)});
  }
  if (auto threshold = model.threshold()) {
    add(std::vector{detail::NumberView("threshold", *threshold)});
  }
  return safetensors_bytes(file, "checkpoint");
}

namespace detail {

template <class Scalar>
Scaler<Scalar> read_scaler(NamedTensors& file, Index features, const std::string& where) {
  Scaler<Scalar> scaler;
  if (file.has("scaler.mean")) {
    const bool each = file.has("scaler.scales");
    Matrix<Scalar> mean(features, 1), scale(each ? features : 1, 1);
    file.read(tensor_view<Scalar>("scaler.mean", mean));
    file.read(tensor_view<Scalar>(each ? "scaler.scales" : "scaler.scale", scale));
    try {
      scaler = each ? Scaler<Scalar>(mean.col(0), Vector<Scalar>(scale.col(0)))
                    : Scaler<Scalar>(mean.col(0), scale(0, 0));
    } catch (const OptionError& error) {
      throw FileError(text(where, ": ", error.what()));
    }
  }
  bool allowed = false;
  if (file.has("scaler.missing")) file.read(NumberView("scaler.missing", allowed));
  if (allowed) scaler.set_missing(Missing::allowed);
  return scaler;
}

/// The sigma of a model's likelihood, if it has one; the model's own where the file tells none.
template <class Model>
double read_sigma(const Model& model, NamedTensors& file) {
  double sigma = 1;
  if constexpr (requires { model.likelihood().sigma; }) {
    sigma = model.likelihood().sigma;
    if (file.has("sigma")) file.read(NumberView("sigma", sigma));
    require<FileError>(std::isfinite(sigma) && sigma > 0, file.place("sigma"),
                       ": expected a number above 0, found ", sigma);
  }
  return sigma;
}

}  // namespace detail

/// Puts a model back to where it was. Throws FileError, with `where` in front, for bytes that are
/// no checkpoint of a model of the same layers and type; the model is then as it was.
/// ~~~{.cpp}
/// const std::string bytes = ae::checkpoint_bytes(model);
/// model.fit(x, {.learning_rate = 0.1});
/// ae::restore_checkpoint(model, bytes, "before the fit");  // the model is as it was
/// ~~~
template <class Model>
void restore_checkpoint(Model& model, std::string_view bytes, const std::string& where) {
  using Scalar = typename Model::Scalar;
  const SafeTensors file = parse_safetensors(bytes, where);
  auto network = model.network();
  detail::require_checkpoint(file, detail::layers_text(detail::described_layers(network)), where);
  detail::NamedTensors tensors(file, where);
  detail::PerParameter<Scalar> weights;
  detail::TrainingState<Scalar> state;
  const auto read = [&](const char* name, detail::PerParameter<Scalar>& set) {
    set.prepare(network);
    for (const auto& view : detail::matrix_views(name, network, set)) tensors.read(view);
  };
  read("weights", weights);
  for (const auto& [name, set] : detail::matrix_sets(state)) {
    if (tensors.has(detail::checkpoint_name(name, 0, 0))) read(name, *set);
  }
  for (const auto& number : detail::number_views(state)) tensors.read(number);
  for (const auto& number : detail::block_views(state)) {
    if (tensors.has(number.name)) tensors.read(number);
  }
  state.fit.history = detail::read_history(tensors);
  const std::optional<double> threshold = detail::read_threshold(tensors);
  auto scaler = detail::read_scaler<Scalar>(tensors, model.features(), where);
  bool logistic = false;
  if (detail::sets_link<Model> && tensors.has("logistic")) {
    tensors.read(detail::NumberView("logistic", logistic));
  }
  [[maybe_unused]] const double sigma = detail::read_sigma(model, tensors);
  tensors.require_nothing_else("a checkpoint's");
  detail::swap_parameters(network, weights);
  model.restore(std::move(network), std::move(scaler), threshold, std::move(state));
  if constexpr (requires { model.likelihood().sigma; }) {
    auto likelihood = model.likelihood();
    likelihood.sigma = sigma;
    model.set_likelihood(likelihood);
  }
  if constexpr (detail::sets_link<Model>) {
    model.set_link(logistic ? Link::logistic : Link::identity);
  }
}

/// Writes the model and its training; the file is whole, or as it was before. Throws FileError.
/// ~~~{.cpp}
/// model.fit(x, {.callbacks = {[&](const ae::Progress& at) {
///                 if (at.step % 1000 == 0) ae::save_checkpoint(model, "fit.safetensors");
///               }}});
/// ~~~
template <class Model>
void save_checkpoint(const Model& model, const std::filesystem::path& path) {
  write_file(checkpoint_bytes(model), path);
}

/// Reads a file that `save_checkpoint` wrote into a model of the same layers. A `fit` with the same
/// data, options and parts, and `resume`, then ends in the same bits as one that was never stopped.
/// Throws FileError; the model is then as it was.
/// ~~~{.cpp}
/// ae::load_checkpoint(model, "fit.safetensors");
/// model.fit(x, {.resume = true});
/// ~~~
template <class Model>
void load_checkpoint(Model& model, const std::filesystem::path& path) {
  restore_checkpoint(model, read_file(path), detail::path_text(path));
}

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/scaler.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/io/description_checks.hpp"
#include "ae/detail/io/model_layers.hpp"
#include "ae/detail/io/named_tensors.hpp"
#include "ae/parts/loss.hpp"

/// A model as a safetensors file: its parameters as PyTorch's nn.Sequential names and shapes them,
/// and in the metadata all else that it takes to use them. Needs nlohmann/json.
/// ~~~{.cpp}
/// ae::save(model, "model.safetensors");
/// auto model = ae::load<ae::StackedAutoencoder<>>("model.safetensors");
/// ~~~
namespace ae::inline AE_ABI {

namespace detail {

/// A sample like those that the model is for, the same for the same model.
template <class Model>
Vector<typename Model::Scalar> probe_input(const Model& model) {
  const Random random(0, Purpose::sample);
  Vector<typename Model::Scalar> x(model.features());
  std::uint64_t index = 0;
  for (auto& entry : x) entry = static_cast<typename Model::Scalar>(random.normal(index++));
  model.scaler().unscale(x);
  return x;
}

template <class Scalar>
std::vector<double> to_doubles(const Scalar* values, Index size) {
  return {values, values + size};
}

template <class Scalar>
Vector<Scalar> to_vector(const std::vector<double>& values) {
  Vector<Scalar> all(static_cast<Index>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    all[static_cast<Index>(i)] = static_cast<Scalar>(values[i]);
  }
  return all;
}

template <class Model>
std::vector<double> reconstructed(const Model& model, const Vector<typename Model::Scalar>& x) {
  const Matrix<typename Model::Scalar> y = model.reconstruct(x);
  return to_doubles(y.data(), y.size());
}

/// All that a file says of a model beside its tensors, but the probe. A likelihood of the caller's
/// own is told if it has a name, by that and its sigma.
template <class Model>
ModelDescription described(const Model& model) {
  ModelDescription all;
  all.layers = described_layers(model.network());
  all.code_layer = static_cast<std::uint64_t>(model.code_layer());
  if (const auto& scaler = model.scaler(); !scaler.is_identity()) {
    const bool each = scaler.is_per_feature();
    all.scaler = {to_doubles(scaler.center().data(), scaler.center().size()),
                  to_doubles(scaler.divisors().data(), each ? scaler.divisors().size() : 1), each};
  }
  all.missing_allowed = model.scaler().missing() == Missing::allowed;
  all.threshold = model.threshold();
  if constexpr (sets_link<Model>) all.logistic = model.link() == Link::logistic;
  if constexpr (requires { model.likelihood().name; }) {
    all.likelihood = {std::string(model.likelihood().name), {}, false};
    if constexpr (requires { model.likelihood().learnt; }) {
      all.likelihood->learnt = model.likelihood().learnt;
    }
    if constexpr (requires { model.likelihood().sigma; }) {
      all.likelihood->sigma = model.likelihood().sigma;
    }
  }
  return all;
}

/// What the library throws says where in the file the cause is.
template <class Set>
void set_from(const std::string& where, const char* key, const Set& set) {
  try {
    set();
  } catch (const Error& error) {
    throw FileError(text(where, ", ", key, ": ", error.what()));
  }
}

/// Gives a model what a description has beside the layers.
template <class Model>
void set_described(Model& model, const ModelDescription& file, const std::string& where) {
  using Scalar = typename Model::Scalar;
  set_from(where, "ae.scaler", [&] {
    Scaler<Scalar> scaler;
    if (file.scaler) {
      const auto center = to_vector<Scalar>(file.scaler->center);
      const auto divisors = to_vector<Scalar>(file.scaler->divisors);
      scaler = file.scaler->per_feature ? Scaler<Scalar>(center, divisors)
                                        : Scaler<Scalar>(center, divisors[0]);
    }
    if (file.missing_allowed) scaler.set_missing(Missing::allowed);
    model.set_scaler(std::move(scaler));
  });
  if constexpr (sets_link<Model>) {
    model.set_link(file.logistic ? Link::logistic : Link::identity);
  } else {
    require<FileError>(!file.logistic, where, ", ae.link: expected none, found \"logistic\"");
  }
  set_from(where, "ae.threshold", [&] { model.set_threshold(file.threshold); });
  if constexpr (requires { model.likelihood().sigma; }) {
    if (!file.likelihood || !file.likelihood->sigma) return;
    set_from(where, "ae.likelihood", [&] {
      auto likelihood = model.likelihood();
      likelihood.sigma = *file.likelihood->sigma;
      if constexpr (requires { likelihood.learnt; }) likelihood.learnt = file.likelihood->learnt;
      model.set_likelihood(likelihood);
    });
  }
}

/// Throws FileError; the model is then as it was.
template <class Model>
void read_model(Model& model, const SafeTensors& file, const ModelDescription& description,
                const std::string& where) {
  using Scalar = typename Model::Scalar;
  require_like(described(model), description, where);
  auto network = model.network();
  NamedTensors tensors(file, where);
  for (const TensorView& parameter : named_parameters(network)) tensors.read(parameter);
  tensors.require_nothing_else("the model's");
  Model read = model;
  read.set_network(std::move(network));
  set_described(read, description, where);
  require_probe(description, reconstructed(read, to_vector<Scalar>(description.probe_input)),
                std::sqrt(static_cast<double>(std::numeric_limits<Scalar>::epsilon())), where);
  model = std::move(read);
}

/// A model as `save` writes it. Throws FileError.
template <class Model>
SafeTensors to_file(const Model& model, const std::string& where) {
  const auto x = probe_input(model);
  ModelDescription description = described(model);
  description.probe_input = to_doubles(x.data(), x.size());
  description.probe_reconstruction = reconstructed(model, x);
  require_finite(description, where);
  SafeTensors file{{}, to_metadata(description)};
  auto network = model.network();
  for (const TensorView& parameter : named_parameters(network)) {
    file.tensors.emplace(parameter.name, to_tensor(parameter));
  }
  return file;
}

/// A model of the sizes in a file, whose decoder need not mirror its encoder.
template <class Model>
Model sized_model(const ModelDescription& file, std::uint64_t bytes, const std::string& where) {
  const std::vector<Index> sizes = sizes_of(file, bytes, where);
  if constexpr (is_of_stacks<Model>) {
    using Encoder = std::decay_t<decltype(std::declval<const Model&>().encoder())>;
    using Decoder = std::decay_t<decltype(std::declval<const Model&>().decoder())>;
    return Model(Encoder(sizes), Decoder(decoder_sizes_of(file, bytes, where)));
  } else {
    return Model(sizes);
  }
}

/// The model of a file, of the sizes there. Throws FileError.
template <class Model>
Model to_model(const SafeTensors& file, const std::string& where) {
  const ModelDescription description = parse_description(file.metadata, where);
  Model model = sized_model<Model>(description, bytes_of(file), where);
  read_model(model, file, description, where);
  return model;
}

}  // namespace detail

/// Throws FileError, also for a model whose numbers are not finite; the file is whole, or as it was
/// before.
/// ~~~{.cpp}
/// ae::save(model, "model.safetensors");
/// ~~~
template <class Model>
void save(const Model& model, const std::filesystem::path& path) {
  write_safetensors(detail::to_file(model, detail::path_text(path)), path);
}

/// Into a model of the same sizes, activations and kind of likelihood; a fit that follows begins
/// anew with its moments. Throws FileError for another model, tensors missing, too many or of
/// another type or shape, metadata that are none, and a probe that comes out differently; the model
/// is then as it was.
/// ~~~{.cpp}
/// ae::load(model, "model.safetensors");  // into a model of the same layers
/// ~~~
template <class Model>
void load(Model& model, const std::filesystem::path& path) {
  const SafeTensors file = read_safetensors(path);
  const std::string where = detail::path_text(path);
  detail::read_model(model, file, detail::parse_description(file.metadata, where), where);
}

/// A model of this type, of the sizes in the file. Throws as the other one does.
template <class Model>
Model load(const std::filesystem::path& path) {
  return detail::to_model<Model>(read_safetensors(path), detail::path_text(path));
}

}  // namespace ae::inline AE_ABI

#ifdef AE_COMPILED
#include "ae/models/stacked_autoencoder.hpp"
#define AE_INSTANCE extern template
#include "ae/detail/io/model_file-instances.inc"
#undef AE_INSTANCE
#endif

#pragma once

#include "ae/data/scaler.hpp"
#include "ae/detail/io/metadata.hpp"
#include "ae/detail/io/model_layers.hpp"

/// A model as a safetensors file: its parameters as PyTorch's nn.Sequential names and shapes them,
/// and in the metadata all else that it takes to use them. Needs nlohmann/json.
///
///     ae::save(model, "model.safetensors");
///     auto model = ae::load<ae::StackedAutoencoder<>>("model.safetensors");
namespace ae {

namespace detail {

constexpr int model_file_version = 1;

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

/// Throws FileError unless the model makes of the file's probe what the one that was saved made of
/// it, up to the root of the type's precision, relative to the largest value: 3.5e-4 for float.
template <class Model>
void require_probe(const SafeTensors& file, const Model& model, const std::string& where) {
  using Scalar = typename Model::Scalar;
  const auto [x, expected] = read_metadata(
      file, "ae.probe", "an input and its reconstruction", where, [&](const auto& probe) {
        return std::pair(to_vector<Scalar>(probe.at("input"), model.features()),
                         to_vector<Scalar>(probe.at("reconstruction"), model.features()));
      });
  const Vector<Scalar> found = model.reconstruct(x);
  const Scalar tolerance =
      std::sqrt(std::numeric_limits<Scalar>::epsilon()) * expected.cwiseAbs().maxCoeff();
  for (Index i = 0; i < found.size(); ++i) {
    detail::require<FileError>(std::abs(found(i) - expected(i)) <= tolerance, where,
                               ", ae.probe: expected value ", i, " of the reconstruction to be ",
                               expected(i), ", up to ", tolerance, ", found ", found(i));
  }
}

/// Throws FileError unless a file is of this version, and of a model like this one.
template <class Model>
void require_like(const SafeTensors& file, const Model& model, const std::string& where) {
  require_metadata(file, "ae.version", model_file_version, where);
  const nlohmann::json expected = described_layers(model.network());
  const nlohmann::json found = metadata(file, "ae.layers", where);
  detail::require<FileError>(found.is_array() && found.size() == expected.size(), where,
                             ", ae.layers: expected a list of ", expected.size(), " layers, found ",
                             found.is_array() ? detail::text(found.size()) : shown(found.dump()));
  for (std::size_t i = 0; i < found.size(); ++i) {
    detail::require<FileError>(found[i] == expected[i], where, ", ae.layers, layer ", i,
                               ": expected ", expected[i].dump(), ", found ",
                               shown(found[i].dump(), 300));
  }
  require_metadata(file, "ae.code_layer", model.code_layer(), where);
}

template <class Scalar>
Scaler<Scalar> read_scaler(const SafeTensors& file, Index features, const std::string& where) {
  if (!file.metadata.contains("ae.scaler")) return {};
  return read_metadata(file, "ae.scaler", "a mean and a scale", where, [&](const auto& scaler) {
    return Scaler<Scalar>(to_vector<Scalar>(scaler.at("mean"), features),
                          static_cast<Scalar>(scaler.at("scale").template get<double>()));
  });
}

inline std::optional<double> read_threshold(const SafeTensors& file, const std::string& where) {
  if (!file.metadata.contains("ae.threshold")) return {};
  return read_metadata(file, "ae.threshold", "a number", where,
                       [](const auto& number) { return number.template get<double>(); });
}

template <class Model>
void read_model(const SafeTensors& file, const std::string& where, Model& model) {
  require_like(file, model, where);
  Model read = model;
  read.set_network(read_layers(file, model.network(), where));
  read.set_scaler(read_scaler<typename Model::Scalar>(file, model.features(), where));
  read.set_threshold(read_threshold(file, where));
  require_probe(file, read, where);
  model = std::move(read);
}

/// The sizes from the input to the code. Throws FileError, also if they ask for more weights than
/// the file has bytes.
inline std::vector<Index> read_sizes(const SafeTensors& file, const std::string& where) {
  const auto code_layer = read_metadata(
      file, "ae.code_layer", "a number", where,
      [](const nlohmann::json& number) { return number.get_ref<const std::uint64_t&>(); });
  std::uint64_t left = 0;
  for (const auto& [name, tensor] : file.tensors) left += tensor.bytes.size();
  return read_metadata(
      file, "ae.layers", "layers of a code and behind it", where, [&](const nlohmann::json& all) {
        std::vector<Index> sizes;
        (void)all.at(code_layer);
        for (std::size_t i = 0; i <= code_layer + 1; ++i) {
          const auto size = all.at(i).at("inputs").get_ref<const std::uint64_t&>();
          const auto weights = times(size, sizes.empty() ? 1 : std::uint64_t(sizes.back()));
          detail::require<FileError>(size > 0 && weights && *weights <= left,
                                     "expected sizes of at least ",
                                     "1, of no more weights than the file holds, found ", size);
          left -= sizes.empty() ? 0 : *weights;
          sizes.push_back(static_cast<Index>(size));
        }
        return sizes;
      });
}

}  // namespace detail

/// Throws FileError, also for a model whose numbers are not finite; the file is whole, or as it was
/// before.
template <class Model>
void save(const Model& model, const std::filesystem::path& path) {
  const auto x = detail::probe_input(model);
  const Vector<typename Model::Scalar> y = model.reconstruct(x);
  detail::require<FileError>(
      y.allFinite(), path.string(),
      ": expected a model that gives finite numbers, found one that does not");
  SafeTensors file{detail::layer_tensors(model.network()), {}};
  const auto add = [&](const char* key, const nlohmann::json& value) {
    file.metadata[key] = value.dump();
  };
  add("ae.version", detail::model_file_version);
  add("ae.layers", detail::described_layers(model.network()));
  add("ae.code_layer", model.code_layer());
  add("ae.probe", {{"input", detail::to_json(x)}, {"reconstruction", detail::to_json(y)}});
  if (!model.scaler().is_identity()) {
    add("ae.scaler",
        {{"mean", detail::to_json(model.scaler().mean())}, {"scale", model.scaler().scale()}});
  }
  if (model.threshold()) add("ae.threshold", *model.threshold());
  write_safetensors(path, file);
}

/// Into a model of the same sizes and activations; a fit that follows begins anew with its moments.
/// Throws FileError for another model, tensors missing, too many or of another type or shape,
/// metadata that are none, and a probe that comes out differently; the model is then as it was.
template <class Model>
void load(const std::filesystem::path& path, Model& model) {
  detail::read_model(read_safetensors(path), path.string(), model);
}

/// A model of this type, of the sizes in the file. Throws as the other one does.
template <class Model>
Model load(const std::filesystem::path& path) {
  const SafeTensors file = read_safetensors(path);
  Model model(detail::read_sizes(file, path.string()));
  detail::read_model(file, path.string(), model);
  return model;
}

}  // namespace ae

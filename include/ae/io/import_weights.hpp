#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/path_text.hpp"
#include "ae/detail/io/dense_weights.hpp"
#include "ae/detail/layers/network.hpp"

/// Weights that were trained elsewhere, from the safetensors files of PyTorch and Keras. Needs
/// nlohmann/json.
/// ~~~{.cpp}
/// ae::import_weights(model, "autoencoder.safetensors");           // names that are known
/// ae::import_weights(model, "other.safetensors", {"in", "out"});  // the layers' own names
/// ~~~
namespace ae::inline AE_ABI {

/// Where batch normalisations stand that `names` list, each behind a layer.
enum class BatchNormPlace {
  untold,
  before_activation,  ///< of the layer named before it, into which it is folded
  after_activation    ///< of that layer; it is folded into the one that comes next
};

/// What files do not tell of batch normalisations.
struct ImportedBatchNorm {
  BatchNormPlace place = BatchNormPlace::untold;
  double epsilon = 0;  ///< 0: that of PyTorch, 1e-5, or Keras, 1e-3, whose names the tensors have
};

/// A batch normalisation and the layer that it is now part of, by their names in the file.
/// ~~~{.cpp}
/// for (const auto& [norm, layer] : ae::import_weights(model, "autoencoder.safetensors")) {
///   std::cout << norm << " is now part of " << layer << '\n';
/// }
/// ~~~
struct FoldedBatchNorm {
  std::string norm, layer;

  bool operator==(const FoldedBatchNorm&) const = default;
};

namespace detail {

inline NormRules norm_rules(const ImportedBatchNorm& norms) {
  return {norms.place == BatchNormPlace::before_activation,
          norms.place == BatchNormPlace::after_activation, norms.epsilon};
}

/// Throws FileError for a number that the model's type does not hold.
template <class Network>
void set_weights(Network& network, const std::vector<DenseWeights>& layers,
                 const std::string& where) {
  using Scalar = typename Network::Scalar;
  for (Index i = 0; i < network.size(); ++i) {
    const DenseWeights& from = layers[static_cast<std::size_t>(i)];
    const Matrix<Scalar> weight = from.weight.template cast<Scalar>();
    const Vector<Scalar> bias = from.bias.template cast<Scalar>();
    require<FileError>(weight.allFinite() && bias.allFinite(), where, ", layer \"",
                       shown(from.name), "\": expected numbers that the model's type holds, ",
                       "found larger ones");
    network.visit(i, [&](auto& layer) {
      layer.set_weight(weight);
      layer.set_bias(bias);
    });
  }
}

/// The sizes from the input of layer `first` to the output of the one before `end`.
inline std::vector<Index> sizes_between(const std::vector<DenseWeights>& layers, std::size_t first,
                                        std::size_t end) {
  std::vector<Index> sizes = {layers[first].weight.cols()};
  for (std::size_t i = first; i < end; ++i) sizes.push_back(layers[i].weight.rows());
  return sizes;
}

}  // namespace detail

/// Gives the dense layers of a model the weights of a file, and keeps all else of it, the scaler
/// among it; a fit that follows begins with new moments. Layers are named as PyTorch does
/// ("0.weight", "encoder.2.weight", "fc1.weight", whatever the gaps) or Keras ("dense_1/kernel",
/// "dense_1/kernel:0", "layers.dense_1.vars.0", transposed). Their order is that of their numbers,
/// an encoder before a decoder; where names do not tell, that of the model's sizes, if it is the
/// only one; else `names` are those of the layers, or of their weights with the bias behind, from
/// the input to the output, and what else the file holds is left out. F64, F32, BF16 and F16; a
/// bias that is not there is 0. Batch normalisations are folded (Ioffe and Szegedy, ICML 2015,
/// algorithm 2), and returned: those that the numbers of nn.Sequential have right behind a layer or
/// in front of one, and those that `names` list between layers, where `norms.place` tells. Throws
/// FileError, which lists what the file holds, and OptionError for a negative epsilon; the model is
/// then as it was.
/// ~~~{.cpp}
/// ae::import_weights(model, "keras.safetensors",
///                    {"dense", "batch_normalization", "dense_1", "dense_2"},
///                    {.place = ae::BatchNormPlace::before_activation});
/// ~~~
template <class Model>
std::vector<FoldedBatchNorm> import_weights(Model& model, const std::filesystem::path& path,
                                            const std::vector<std::string>& names = {},
                                            const ImportedBatchNorm& norms = {}) {
  const std::string where = detail::path_text(path);
  std::vector<detail::Shape> shapes;
  for (const auto& layer : detail::layer_refs(model.network())) {
    shapes.push_back(detail::shape(layer.outputs, layer.inputs));
  }
  auto network = model.network();
  const auto layers = detail::dense_weights(read_safetensors(path), names, shapes, where,
                                            detail::norm_rules(norms));
  detail::set_weights(network, layers, where);
  model.set_network(std::move(network));
  std::vector<FoldedBatchNorm> folded;
  for (const auto& layer : layers) {
    for (const std::string& norm : layer.folded) folded.push_back({norm, layer.name});
  }
  return folded;
}

/// A model made of such a file alone, of the sizes there; its type says the activations:
/// ~~~{.cpp}
/// using Imported = ae::StackedAutoencoder<float, ae::Stack<float, ae::Relu, ae::Identity>>;
/// const auto model = ae::import_model<Imported>("autoencoder.safetensors");
/// ~~~
/// The code is what the last layer called encoder gives; without such names that of the middle of
/// layers that mirror each other, or of the narrowest. Throws as `import_weights` does, and where
/// neither tells.
template <class Model>
Model import_model(const std::filesystem::path& path, const std::vector<std::string>& names = {},
                   const ImportedBatchNorm& norms = {}) {
  using Encoder = std::decay_t<decltype(std::declval<const Model&>().encoder())>;
  using Decoder = std::decay_t<decltype(std::declval<const Model&>().decoder())>;
  const std::string where = detail::path_text(path);
  const auto layers =
      detail::dense_weights(read_safetensors(path), names, {}, where, detail::norm_rules(norms));
  const std::size_t code = detail::encoder_layers(layers, where);
  detail::require<FileError>(layers.front().weight.cols() == layers.back().weight.rows(), where,
                             ": expected an autoencoder, whose output is as wide as its input, ",
                             "found ", layers.front().weight.cols(), " inputs and ",
                             layers.back().weight.rows(), " outputs");
  Model model(Encoder(detail::sizes_between(layers, 0, code)),
              Decoder(detail::sizes_between(layers, code, layers.size())));
  auto network = model.network();
  detail::set_weights(network, layers, where);
  model.set_network(std::move(network));
  return model;
}

}  // namespace ae::inline AE_ABI

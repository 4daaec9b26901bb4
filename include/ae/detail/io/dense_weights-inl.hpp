#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/dense_weights.hpp"
#include "ae/detail/io/variational_layers.hpp"

namespace ae::inline AE_ABI::detail {

/// Puts layers into the order that their names tell. False where these do not: names that differ by
/// more than numbers, but for the halves of an autoencoder.
inline bool order_by_name(std::vector<DenseLayers::Layer>& layers) {
  using Key = std::pair<LayerName::Half, std::vector<int>>;
  std::vector<std::pair<Key, DenseLayers::Layer>> all;
  std::set<Key> keys;
  std::set<std::string> words[3];
  bool ends_encoder = false;
  for (const DenseLayers::Layer& layer : layers) {
    LayerName name(layer.name);
    if (layer.ends_encoder) {
      ends_encoder = true;
      name.half = LayerName::Half::encoder;
      name.numbers = {std::numeric_limits<int>::max()};
      name.words = {};
    }
    all.push_back({{name.half, name.numbers}, layer});
    keys.insert(all.back().first);
    if (!layer.ends_encoder) words[static_cast<int>(name.half)].insert(name.words);
  }
  const bool halves = !words[0].empty() || !words[2].empty();
  if (ends_encoder && !halves) return false;
  for (const auto& found : words) {
    if (found.size() > 1) return false;
  }
  if (keys.size() < layers.size() || (halves && !words[1].empty())) return false;
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < all.size(); ++i) layers[i] = std::move(all[i].second);
  return true;
}

/// True if they have the shapes of a model, or no model is there to say so.
inline bool has_shapes(const DenseLayers& file, const std::vector<DenseLayers::Layer>& layers,
                       const std::vector<Shape>& shapes) {
  if (shapes.empty()) return true;
  return std::equal(layers.begin(), layers.end(), shapes.begin(), shapes.end(),
                    [&](const auto& layer, const Shape& shape) {
                      return file.shape(layer) == std::pair(static_cast<std::uint64_t>(shape.rows),
                                                            static_cast<std::uint64_t>(shape.cols));
                    });
}

/// Puts layers into the order of a model's shapes. False unless there is only one such order.
inline bool order_by_shape(const DenseLayers& file, std::vector<DenseLayers::Layer>& layers,
                           const std::vector<Shape>& shapes) {
  if (shapes.size() != layers.size()) return false;
  std::vector<DenseLayers::Layer> all;
  for (const Shape& shape : shapes) {
    std::size_t found = 0;
    for (const DenseLayers::Layer& layer : layers) {
      if (!has_shapes(file, {layer}, {shape})) continue;
      if (++found == 1) all.push_back(layer);
    }
    if (found != 1) return false;
  }
  layers = std::move(all);
  return has_shapes(file, layers, shapes);
}

/// Throws FileError for a batch normalisation that a list of names has behind the activation of one
/// of two layers that become one: what comes next takes something else.
inline void require_norms_beside_no_pair(const DenseLayers& found,
                                         const std::vector<DenseLayers::Layer>& layers) {
  const auto refuse = [&](const BatchNormTensors& norm) {
    found.refuse(text("no batch normalisation between codes and what takes them, found \"",
                      shown(norm.name), "\" behind \"", shown(norm.follows), '"'));
  };
  bool pair = false;
  for (const auto& layer : layers) {
    if (pair && layer.in_front && !layer.in_front->follows.empty()) refuse(*layer.in_front);
    pair = !layer.below.empty();
    for (const auto& next : layer.below) {
      if (next.in_front) refuse(*next.in_front);
    }
  }
}

inline std::string shapes_text(const std::vector<Shape>& shapes) {
  std::string all;
  for (const Shape& shape : shapes) all += text(all.empty() ? "" : ", ", shape);
  return all;
}

AE_HEADER_INLINE std::vector<DenseWeights> dense_weights(const SafeTensors& file,
                                                         const std::vector<std::string>& names,
                                                         const std::vector<Shape>& shapes,
                                                         const std::string& where,
                                                         const NormRules& rules) {
  require<OptionError>(rules.epsilon >= 0 && std::isfinite(rules.epsilon), where,
                       ": expected a finite epsilon of at least 0, found ", rules.epsilon);
  require<FileError>(!file.metadata.contains("ae.layers"), where,
                     ": expected weights of another library's, found a model of ae's: load reads "
                     "it with its scaler and all else (ae/io/model_file.hpp)");
  const DenseLayers found(file, where, rules);
  std::vector<DenseLayers::Layer> layers = names.empty() ? found.layers : found.named(names);
  const std::string wanted =
      shapes.empty() ? "dense layers" : "dense layers of " + shapes_text(shapes);
  if (layers.empty()) found.refuse(wanted + ", found none whose names are known");
  if (names.empty()) found.require_nothing_else();
  const auto code = code_layer_of(shapes);
  if (names.empty()) {
    const auto pair = variational_pair(layers);
    if (pair && code && layers.size() == shapes.size() + 1) join(layers, *pair);
    if (pair && !code && !pair->numbered) {
      found.refuse(text(wanted, ", found \"", shown(layers[pair->means].name), "\" and \"",
                        shown(layers[pair->log_variances].name),
                        "\", the means and log variances of a variational autoencoder: give them "
                        "to a VariationalAutoencoder by import_weights"));
    }
  } else if (code && layers.size() == shapes.size() + 1) {
    join(layers, {*code, *code + 1, false});
  }
  if (names.empty() && !(order_by_name(layers) && has_shapes(found, layers, shapes)) &&
      !order_by_shape(found, layers, shapes)) {
    found.refuse(wanted +
                 ", in an order that their names or sizes tell, found another number, "
                 "other sizes or no such order: give the names of the layers from the "
                 "input to the output");
  }
  if (!has_shapes(found, layers, shapes)) found.refuse(wanted + ", found others under the names");
  require_norms_beside_no_pair(found, layers);
  std::vector<DenseWeights> all;
  for (const DenseLayers::Layer& layer : layers) {
    all.push_back(found.read(layer));
    const auto count = all.size();
    const bool samples = code && count == *code + 2;  // it takes half of what comes before it
    if (count > 1 &&
        all[count - 2].weight.rows() != (samples ? 2 : 1) * all[count - 1].weight.cols()) {
      found.refuse(text("layers that take what the one before gives, found that \"",
                        shown(all[count - 2].name), "\" gives ", all[count - 2].weight.rows(),
                        " numbers and \"", shown(layer.name), "\" takes ",
                        all[count - 1].weight.cols()));
    }
  }
  return all;
}

AE_HEADER_INLINE std::size_t encoder_layers(const std::vector<DenseWeights>& layers,
                                            const std::string& where) {
  const std::size_t count = layers.size();
  require<FileError>(count > 1, where, ": expected at least two layers, found ", count);
  std::size_t encoders = 0, decoders = 0, narrowest = 0, as_narrow = 0;
  bool mirrored = count % 2 == 0;
  for (std::size_t i = 0; i < count; ++i) {
    encoders += layers[i].half == LayerName::Half::encoder;
    decoders += layers[i].half == LayerName::Half::decoder;
    mirrored = mirrored && layers[i].weight.rows() == layers[count - 1 - i].weight.cols();
    if (i + 1 == count) break;
    const Index size = layers[i].weight.rows(), least = layers[narrowest].weight.rows();
    as_narrow = size < least ? 1 : as_narrow + (size == least);
    if (size < least) narrowest = i;
  }
  if (encoders > 0 && encoders + decoders == count && decoders > 0) return encoders;
  if (mirrored) return count / 2;
  require<FileError>(as_narrow == 1, where,
                     ": expected layers whose names or sizes tell which gives the code, found ",
                     count, " layers that do not; build the model, then import_weights");
  return narrowest + 1;
}

}  // namespace ae::inline AE_ABI::detail

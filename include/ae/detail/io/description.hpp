#pragma once

#include "ae/detail/core/abi.hpp"

#include <map>
#include <optional>

#include "ae/core/types.hpp"
#include "ae/detail/io/json.hpp"

/// What a model file says of its model beside the tensors: the metadata of safetensors, whose
/// values are JSON here.
namespace ae::inline AE_ABI::detail {

using Metadata = std::map<std::string, std::string, std::less<>>;

struct LayerDescription {
  std::optional<std::uint64_t> inputs;  ///< none where a file says no whole number
  std::string json;                     ///< all that is said of the layer, with sorted keys
};

/// A layer as a JSON object. `kind` is the key of `name`: "activation" for an activation's name,
/// "batch_norm" for that of one behind a batch normalisation, whose `epsilon` is given, or "layer"
/// for the name of another layer. Of an activation's own numbers only `slope` is written.
LayerDescription describe_layer(Index inputs, Index outputs, const char* kind,
                                std::string_view name, std::optional<double> slope,
                                std::optional<double> epsilon = {});

/// A list of layers in JSON.
std::string layers_text(const std::vector<LayerDescription>& layers);

struct ScalerDescription {
  std::vector<double> center;
  std::vector<double> divisors;  ///< one that the features share, or one for each
  bool per_feature = false;
};

struct LikelihoodDescription {
  std::string name;
  std::optional<double> sigma;
  bool learnt = false;  ///< further fits learn sigma
};

struct ModelDescription {
  std::vector<LayerDescription> layers;
  std::uint64_t code_layer = 0;
  std::optional<ScalerDescription> scaler;
  bool missing_allowed = false;
  std::optional<double> threshold;
  std::optional<LikelihoodDescription> likelihood;
  bool logistic = false;                                  ///< the outputs are logits
  std::vector<double> probe_input, probe_reconstruction;  ///< loading computes it again
};

Metadata to_metadata(const ModelDescription& model);

/// Throws FileError, which begins with `where`, if metadata are missing, malformed or of another
/// version.
ModelDescription parse_description(const Metadata& metadata, const std::string& where);

/// Throws FileError unless the metadata have this JSON under `key`. An object in `expected` has
/// sorted keys; in the metadata their order is free.
void require_metadata(const Metadata& metadata, const std::string& key, const std::string& expected,
                      const std::string& where);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/description-inl.hpp"
#endif

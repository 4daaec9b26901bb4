#pragma once

#include "ae/detail/core/abi.hpp"

#include <map>
#include <optional>

#include "ae/core/types.hpp"
#include "ae/detail/io/json.hpp"

/// What a file says of a model beside its tensors: texts under names, each in JSON.
namespace ae::inline AE_ABI::detail {

using Metadata = std::map<std::string, std::string, std::less<>>;

struct LayerDescription {
  std::optional<std::uint64_t> inputs;  ///< none where a file says no whole number
  std::string json;                     ///< all that is said of the layer, with sorted keys
};

/// `kind` says what the name is one of: "activation", "batch_norm" for one behind a batch
/// normalisation, whose epsilon is told, or "layer". An activation's slope is told too; numbers of
/// activations of the caller's own are not known.
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
  bool learnt = false;  ///< the sigma, by further fits
};

struct ModelDescription {
  std::vector<LayerDescription> layers;
  std::uint64_t code_layer = 0;
  std::optional<ScalerDescription> scaler;
  bool missing_allowed = false;
  std::optional<double> threshold;
  std::optional<LikelihoodDescription> likelihood;
  bool logistic = false;                      ///< the link of the outputs
  std::vector<double> input, reconstruction;  ///< of the probe
};

Metadata to_metadata(const ModelDescription& model);

/// Throws FileError, which begins with `where`, for metadata that are missing, of another version,
/// or something else than they should be.
ModelDescription parse_description(const Metadata& metadata, const std::string& where);

/// Throws FileError unless metadata have this JSON under a key, whatever the order of its keys.
void require_metadata(const Metadata& metadata, const std::string& key, const std::string& expected,
                      const std::string& where);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/description-inl.hpp"
#endif

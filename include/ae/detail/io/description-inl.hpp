#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/claims.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/description.hpp"

namespace ae::inline AE_ABI::detail {

constexpr const char* model_file_version = "1";

AE_HEADER_INLINE LayerDescription describe_layer(Index inputs, Index outputs, const char* kind,
                                                 std::string_view name, std::optional<double> slope,
                                                 std::optional<double> epsilon) {
  const std::string called =
      text('"', kind, "\":", json_text(name), epsilon ? ",\"epsilon\":" + json_text(*epsilon) : "");
  const std::string sizes = text("\"inputs\":", inputs);
  const bool first = std::string_view(kind) < "inputs";
  return {static_cast<std::uint64_t>(inputs),
          text('{', first ? called : sizes, ',', first ? sizes : called, ",\"outputs\":", outputs,
               slope ? ",\"slope\":" + json_text(*slope) : "", '}')};
}

AE_HEADER_INLINE std::string layers_text(const std::vector<LayerDescription>& layers) {
  std::string all = "[";
  for (const LayerDescription& layer : layers) all += (all.size() > 1 ? "," : "") + layer.json;
  return all + ']';
}

AE_HEADER_INLINE Metadata to_metadata(const ModelDescription& model) {
  Metadata all{
      {"ae.version", model_file_version},
      {"ae.layers", layers_text(model.layers)},
      {"ae.code_layer", text(model.code_layer)},
      {"ae.probe", text("{\"input\":", json_text(model.probe_input),
                        ",\"reconstruction\":", json_text(model.probe_reconstruction), '}')}};
  if (const auto& scaler = model.scaler) {
    const auto& divisors = scaler->divisors;
    all["ae.scaler"] = text(
        "{\"mean\":", json_text(scaler->center),
        ",\"scale\":", scaler->per_feature ? json_text(divisors) : json_text(divisors[0]), '}');
  }
  if (model.missing_allowed) all["ae.missing"] = json_text(std::string_view("allowed"));
  if (model.logistic) all["ae.link"] = json_text(std::string_view("logistic"));
  if (model.threshold) all["ae.threshold"] = json_text(*model.threshold);
  if (const auto& likelihood = model.likelihood) {
    all["ae.likelihood"] =
        text('{', likelihood->learnt ? "\"learnt\":true," : "",
             "\"name\":", json_text(std::string_view(likelihood->name)),
             likelihood->sigma ? ",\"sigma\":" + json_text(*likelihood->sigma) : "", '}');
  }
  return all;
}

/// One text of the metadata, and what to say where it is not what was expected.
class MetadataValue {
 public:
  MetadataValue(const Metadata& metadata, const std::string& key, const std::string& where)
      : place_(where + ", " + key) {
    const auto found = metadata.find(key);
    require<FileError>(found != metadata.end(), place_,
                       ": expected a model's metadata, found none");
    json_ = parse_json(found->second, place_);
  }

  const Json& json() const { return json_; }
  const std::string& place() const { return place_; }

  [[noreturn]] void refuse(const char* expected) const {
    throw FileError(
        text(place_, ": expected ", expected, ", found ", shown(json_text(json_), 300)));
  }

  /// A value that was found in it, which must be a number, or numbers.
  double number(const Json* found, const char* expected) const {
    if (found == nullptr || !found->is_number()) refuse(expected);
    return found->number;
  }
  std::vector<double> numbers(const Json* found, const char* expected) const {
    if (found == nullptr || found->kind != Json::Kind::list) refuse(expected);
    std::vector<double> all;
    for (const Json& item : found->parts->items) all.push_back(number(&item, expected));
    return all;
  }

 private:
  std::string place_;
  Json json_;
};

inline std::vector<LayerDescription> parse_layers(const MetadataValue& value) {
  if (value.json().kind != Json::Kind::list) value.refuse("a list of layers");
  std::vector<LayerDescription> layers;
  for (const Json& layer : value.json().parts->items) {
    layers.push_back({{}, json_text(layer)});
    const Json* const inputs = layer.find("inputs");
    if (inputs != nullptr && inputs->kind == Json::Kind::whole) {
      layers.back().inputs = inputs->whole;
    }
  }
  return layers;
}

/// A scale for each feature makes a list, also of one.
inline ScalerDescription parse_scaler(const MetadataValue& value) {
  constexpr const char* expected = "a mean, and a scale or one for each feature";
  const Json* const scale = value.json().find("scale");
  ScalerDescription scaler{value.numbers(value.json().find("mean"), expected), {}, false};
  scaler.per_feature = scale != nullptr && scale->kind == Json::Kind::list;
  if (scaler.per_feature) {
    scaler.divisors = value.numbers(scale, expected);
  } else {
    scaler.divisors = {value.number(scale, expected)};
  }
  return scaler;
}

inline LikelihoodDescription parse_likelihood(const MetadataValue& value) {
  constexpr const char* expected = "a likelihood's name and its sigma";
  const Json* const name = value.json().find("name");
  const Json* const sigma = value.json().find("sigma");
  if (name == nullptr || name->kind != Json::Kind::string) value.refuse(expected);
  LikelihoodDescription likelihood{name->parts->string, {}, false};
  if (sigma != nullptr) likelihood.sigma = value.number(sigma, expected);
  likelihood.learnt = value.json().find("learnt") != nullptr;
  return likelihood;
}

/// Throws FileError, which says what is missing, and what to do with files of others.
inline void require_all_metadata(const Metadata& metadata, const std::string& where) {
  std::string missing;
  for (const char* key : {"ae.version", "ae.layers", "ae.code_layer", "ae.probe"}) {
    if (!metadata.contains(key)) missing += text(missing.empty() ? "" : ", ", key);
  }
  require<FileError>(missing.empty(), where,
                     ": expected the metadata of a model that ae has saved, ", "found none under ",
                     missing,
                     "; ae::import_weights (ae/io/import_weights.hpp) takes the weights of others");
}

AE_HEADER_INLINE ModelDescription parse_description(const Metadata& metadata,
                                                    const std::string& where) {
  require_all_metadata(metadata, where);
  require_metadata(metadata, "ae.version", model_file_version, where);
  ModelDescription model;
  model.layers = parse_layers({metadata, "ae.layers", where});
  const MetadataValue code(metadata, "ae.code_layer", where);
  if (code.json().kind != Json::Kind::whole) code.refuse("a whole number");
  model.code_layer = code.json().whole;
  if (metadata.contains("ae.scaler")) {
    model.scaler = parse_scaler({metadata, "ae.scaler", where});
  }
  if (metadata.contains("ae.missing")) {
    require_metadata(metadata, "ae.missing", "\"allowed\"", where);
    model.missing_allowed = true;
  }
  if (metadata.contains("ae.link")) {
    require_metadata(metadata, "ae.link", "\"logistic\"", where);
    model.logistic = true;
  }
  if (metadata.contains("ae.threshold")) {
    const MetadataValue value(metadata, "ae.threshold", where);
    model.threshold = value.number(&value.json(), "a number");
  }
  if (metadata.contains("ae.likelihood")) {
    model.likelihood = parse_likelihood({metadata, "ae.likelihood", where});
  }
  constexpr const char* expected = "an input and its reconstruction";
  const MetadataValue probe(metadata, "ae.probe", where);
  model.probe_input = probe.numbers(probe.json().find("input"), expected);
  model.probe_reconstruction = probe.numbers(probe.json().find("reconstruction"), expected);
  return model;
}

AE_HEADER_INLINE void require_metadata(const Metadata& metadata, const std::string& key,
                                       const std::string& expected, const std::string& where) {
  const MetadataValue value(metadata, key, where);
  const std::string found = json_text(value.json());
  require<FileError>(found == expected, value.place(), ": expected ", expected, ", found ",
                     shown(found, 300));
}

}  // namespace ae::inline AE_ABI::detail

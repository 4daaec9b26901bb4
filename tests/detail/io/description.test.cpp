#include "ae/detail/io/description.hpp"

#include "ae/detail/io/description_checks.hpp"
#include "support/expect.hpp"

using ae::FileError;
using ae::detail::Metadata;
using ae::detail::ModelDescription;

namespace {

ModelDescription small() {
  ModelDescription model;
  for (const ae::Index size : {3, 2}) {
    model.layers.push_back(
        ae::detail::describe_layer(size, 5 - size, "activation", "leaky_relu", 0.25));
  }
  model.scaler = {.center = {1, 2.5, -1e-20}, .divisors = {0.5}};
  model.threshold = 1 / 3.0;
  model.likelihood = {"gaussian", 20};
  model.probe_input = {0.1, -7, 1e300};
  model.probe_reconstruction = {0, 1, 2};
  return model;
}

/// What parsing it says with one text replaced.
std::string refusal(const std::string& key, const std::string& value) {
  Metadata metadata = ae::detail::to_metadata(small());
  metadata[key] = value;
  return message_of<FileError>([&] { ae::detail::parse_description(metadata, "file"); });
}

}  // namespace

TEST_CASE("a description comes back from its texts to the last bit") {
  const ModelDescription model = small();
  const Metadata metadata = ae::detail::to_metadata(model);
  CHECK(metadata.at("ae.layers") ==
        R"([{"activation":"leaky_relu","inputs":3,"outputs":2,"slope":0.25},)"
        R"({"activation":"leaky_relu","inputs":2,"outputs":3,"slope":0.25}])");
  CHECK(metadata.at("ae.scaler") == R"({"mean":[1.0,2.5,-1e-20],"scale":0.5})");
  const ModelDescription read = ae::detail::parse_description(metadata, "file");
  CHECK_NOTHROW(ae::detail::require_like(model, read, "file"));
  CHECK(ae::detail::to_metadata(read) == metadata);
  CHECK(read.layers[1].inputs == 2);
  CHECK(read.scaler->center == model.scaler->center);
  CHECK(read.scaler->divisors == model.scaler->divisors);
  CHECK_FALSE(read.scaler->per_feature);
  CHECK_FALSE(read.missing_allowed);
  CHECK(read.threshold == model.threshold);
  CHECK(read.probe_input == model.probe_input);
}

TEST_CASE("so do a divisor for each feature, and that values may be missing") {
  ModelDescription model = small();
  model.scaler = {.center = {1, 2.5, 4}, .divisors = {0.5, 1e-3, 1}, .per_feature = true};
  model.missing_allowed = true;
  const Metadata metadata = ae::detail::to_metadata(model);
  CHECK(metadata.at("ae.scaler") == R"({"mean":[1.0,2.5,4.0],"scale":[0.5,0.001,1.0]})");
  CHECK(metadata.at("ae.missing") == R"("allowed")");
  const ModelDescription read = ae::detail::parse_description(metadata, "file");
  CHECK(read.scaler->divisors == model.scaler->divisors);
  CHECK(read.scaler->per_feature);
  CHECK(read.missing_allowed);
}

TEST_CASE("a layer that is no activation's is described by its own name") {
  CHECK(ae::detail::describe_layer(3, 2, "layer", "gated", {}).json ==
        R"({"inputs":3,"layer":"gated","outputs":2})");
}

TEST_CASE("metadata that are missing, no JSON or something else are refused by name") {
  const auto refused = [](const Metadata& metadata) {
    return message_of<FileError>(
        [&] { ae::detail::require_metadata(metadata, "key", R"({"a":1,"b":7})", "file"); });
  };
  CHECK_NOTHROW(ae::detail::require_metadata({{"key", R"( {"b": 7, "a": 1} )"}}, "key",
                                             R"({"a":1,"b":7})", "file"));
  CHECK(says(refused({}), "file, key: expected a model's metadata, found none"));
  CHECK(says(refused({{"key", "7 7"}}), "file, key: expected JSON, found \"7 7\""));
  CHECK(says(refused({{"key", "\"7\""}}), R"(file, key: expected {"a":1,"b":7}, found "7")"));
}

TEST_CASE("what cannot be read says what was expected") {
  CHECK(says(refusal("ae.scaler", "3"),
             "file, ae.scaler: expected a mean, and a scale or one for each feature, found 3"));
  CHECK(says(
      refusal("ae.scaler", R"({"mean":[1, "2"],"scale":1})"),
      R"(file, ae.scaler: expected a mean, and a scale or one for each feature, found {"mean":[1,"2"],"scale":1})"));
  CHECK(says(refusal("ae.probe", R"({"input":[1]})"), "file, ae.probe: expected an input and its"));
  CHECK(says(refusal("ae.threshold", "true"), "file, ae.threshold: expected a number, found true"));
  CHECK(says(refusal("ae.code_layer", "-1"), "file, ae.code_layer: expected a whole number",
             "found -1"));
  CHECK(says(refusal("ae.version", "2"), "file, ae.version: expected 1, found 2"));
}

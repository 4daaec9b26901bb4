#include "ae/detail/io/metadata.hpp"

#include "support/expect.hpp"

using ae::FileError;
using ae::SafeTensors;

namespace {

SafeTensors with(const std::string& value) {
  return {{}, {{"key", value}}};
}

}  // namespace

TEST_CASE("a column comes back from its text to the last bit") {
  const ae::Vector<float> x = ae::Vector<float>::Random(50) * 1e-20f;
  const auto json = nlohmann::json::parse(ae::detail::to_json(x).dump());
  CHECK(ae::detail::to_vector<float>(json, 50) == x);
  CHECK(says(message_of<ae::ShapeError>([&] { ae::detail::to_vector<float>(json, 49); }),
             "expected 49", "found 50"));
}

TEST_CASE("metadata that are missing, no JSON or something else are refused by name") {
  const auto refusal = [](const SafeTensors& file) {
    return message_of<FileError>([&] { ae::detail::require_metadata(file, "key", 7, "file"); });
  };
  CHECK_NOTHROW(ae::detail::require_metadata(with(" 7 "), "key", 7, "file"));
  CHECK(says(refusal({}), "file, key: expected a model's metadata, found none"));
  CHECK(says(refusal(with("7 7")), "file, key: expected JSON, found \"7 7\""));
  CHECK(says(refusal(with("\"7\"")), "file, key: expected 7, found \"7\""));
}

TEST_CASE("what cannot be read says what was expected") {
  const auto refusal = [](const std::string& value) {
    return message_of<FileError>([&] {
      ae::detail::read_metadata(with(value), "key", "a short list", "file", [](const auto& json) {
        return ae::detail::to_vector<double>(json, 2);
      });
    });
  };
  CHECK(says(refusal("3"), "file, key: expected a short list, found 3"));
  CHECK(says(refusal("[1, \"2\"]"), "file, key: expected a short list, found [1,"));
  CHECK(says(refusal("[1]"), "file, key: expected 2 numbers, found 1"));
}

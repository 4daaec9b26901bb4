#include "ae/io/schema_file.hpp"

#include "ae/models/stacked_autoencoder.hpp"
#include "support/expect.hpp"

using ae::Column;
using ae::ColumnKind;
using ae::Schema;

namespace {

Schema schema() {
  return {{{"x"},
           {"c\"\n\xc3\xa4", ColumnKind::categorical, {"", "a,b", "\xe2\x82\xac"}},
           {"t", ColumnKind::time, {}, {}, ae::TimeFormat::seconds},
           {"y", ColumnKind::label},
           {"", ColumnKind::ignored, {}, "it has no name"}},
          true,
          {.separator = '\t',
           .decimal = ',',
           .comment = '#',
           .missing_marks = {"-999", "none"},
           .usual_marks = false,
           .normal_labels = {"A"}}};
}

}  // namespace

TEST_CASE("a schema comes back as it was, beside its model") {
  const TemporaryFolder folder;
  const auto path = folder / "model.safetensors";
  const ae::StackedAutoencoder<float> model({5, 3});
  for (const Schema& each :
       {schema(), Schema({{"a", ColumnKind::categorical, {"1", "2", "3", "4"}}}, false, {})}) {
    ae::save(model, each, path);
    CHECK(ae::load_schema(path) == each);
    CHECK(ae::load<ae::StackedAutoencoder<float>>(path).weight(0) == model.weight(0));
  }
  CHECK(says(message_of<ae::ShapeError>([&] { ae::save(model, Schema({{"a"}}, true, {}), path); }),
             path.string(), "5 features, found 1"));
  ae::save(model, path);
  CHECK(
      says(message_of<ae::FileError>([&] { ae::load_schema(path); }), path.string(), "found none"));
}

TEST_CASE("what is no schema is refused with its place") {
  const std::string good = ae::detail::json_text(schema());
  CHECK(ae::detail::parse_schema(good, "here") == schema());
  const auto error = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    REQUIRE(text.find(from) != std::string::npos);
    text.replace(text.find(from), from.size(), to);
    return message_of<ae::FileError>([&] { ae::detail::parse_schema(text, "here"); });
  };
  CHECK(says(error("{", "["), "here: expected JSON"));
  CHECK(says(error("\"columns\"", "\"rows\""), "here: expected a schema with the key \"columns\""));
  CHECK(says(error("\"numeric\"", "\"number\""), "the kind of a column", "\"number\""));
  CHECK(says(error("\"seconds\"", "\"minutes\""), "a format of times", "\"minutes\""));
  CHECK(says(error("\"name\":\"x\"", "\"name\":7"), "the key \"name\""));
  CHECK(says(error("\"name\":\"x\"", "\"name\":\"y\""), "here: schema", "\"y\" twice"));
  CHECK(says(error("\"decimal\":\",\"", "\"decimal\":\",,\""), "one letter for \"decimal\""));
  CHECK(says(error("\"decimal\":\",\"", "\"decimal\":null"), "decimal sign"));
  CHECK(says(error("\"-999\"", "-999"), "texts for \"missing_marks\""));
  CHECK(says(error("\"usual_marks\":false", "\"usual_marks\":0"), "usual_marks"));
}

#include "ae/io/export_header.hpp"

#include <limits>

#include "ae/autoencoder.hpp"
#include "support/expect.hpp"

// What the headers give is tested in export/.

using ae::ModelPart;
using ae::StackedAutoencoder;

namespace {

std::string file_of(const auto& model, const std::string& name = "model.hpp", auto... options) {
  const TemporaryFolder folder;
  ae::export_header(model, folder / name, options...);
  return ae::read_file(folder / name);
}

bool lacks(const std::string& text, const std::string& part) {
  return text.find(part) == text.npos;
}

}  // namespace

TEST_CASE_TEMPLATE("a literal is the number to the last bit", Scalar, float, double) {
  const ae::Random random(1, ae::Purpose::draw);
  using Limits = std::numeric_limits<Scalar>;
  std::vector<Scalar> numbers = {
      0, -0.0, 1, -3, Scalar(0.1), Limits::max(), Limits::min(), -Limits::denorm_min()};
  for (std::uint64_t i = 0; i < 1000; ++i) {
    numbers.push_back(static_cast<Scalar>(std::ldexp(random.normal(i), int(i % 60) - 30)));
  }
  for (const Scalar number : numbers) {
    const std::string literal = ae::detail::cpp_literal(number);
    CAPTURE(literal);
    CHECK(static_cast<Scalar>(std::strtod(literal.c_str(), nullptr)) == number);
    CHECK(literal.find_first_of(".e") != literal.npos);
    CHECK((literal.back() == 'f') == std::is_same_v<Scalar, float>);
  }
}

TEST_CASE("an activation that is chosen at run time is what was chosen") {
  CHECK(to_cpp(ae::AnyActivation(ae::LeakyRelu{.slope = 0.25})) ==
        to_cpp(ae::LeakyRelu{.slope = 0.25}));
  CHECK(to_cpp(ae::AnyActivation::named("gelu")) == to_cpp(ae::Gelu{}));
}

TEST_CASE("a part has its functions and its layers") {
  const StackedAutoencoder model({5, 4, 3});
  CHECK(says(file_of(model), "namespace model {", "using Scalar = float;", "features = 5",
             "code_size = 3", "void encode(", "void decode(", "void reconstruct(", "weight3"));
  const auto encoder = file_of(model, "a.hpp", ModelPart::encoder);
  CHECK(says(encoder, "void encode(", "weight1"));
  CHECK((lacks(encoder, "void decode(") && lacks(encoder, "reconstruct") &&
         lacks(encoder, "weight2")));
  const auto decoder = file_of(model, "a.hpp", ModelPart::decoder);
  CHECK(says(decoder, "void decode(", "weight2"));
  CHECK((lacks(decoder, "void encode(") && lacks(decoder, "weight1")));
  CHECK(says(file_of(StackedAutoencoder<double>({5, 3})), "using Scalar = double;"));
}

TEST_CASE("the whole has its score, and its threshold where there is one") {
  StackedAutoencoder model({5, 4, 3});
  CHECK(says(file_of(model), "double score(", "units of the data", "or a value is NaN"));
  CHECK((lacks(file_of(model), "threshold") && lacks(file_of(model), "is_anomaly")));
  model.set_threshold(0.1);
  model.set_scaler(ae::Scaler<float>(ae::Vector<float>::Ones(5), ae::Vector<float>::Ones(5)));
  CHECK(says(file_of(model), "double threshold = 0.1;", "bool is_anomaly(", "scaled units"));
  for (const auto part : {ModelPart::encoder, ModelPart::decoder}) {
    const auto half = file_of(model, "a.hpp", part);
    CHECK((lacks(half, "score") && lacks(half, "threshold")));
  }
}

TEST_CASE("the namespace is the file's name or the one that is given") {
  const StackedAutoencoder model({5, 3});
  CHECK(says(file_of(model, "horse-encoder.v2.hpp"), "namespace horse_encoder_v2 {"));
  CHECK(says(file_of(model, "2.hpp"), "namespace model_2 {"));
  CHECK(says(file_of(model, "a.hpp", ModelPart::whole, "b"), "namespace b {"));
  CHECK(says(file_of(model, "float.hpp"), "namespace model_float {"));
  CHECK(says(file_of(model, "std.hpp"), "namespace model_std {"));
  CHECK(says(file_of(model, "__a--b.hpp"), "namespace model_a_b {"));
  for (const char* name : {"a b", "2", "_a", "a::b", "class", "std", "a__b"}) {
    CHECK(
        says(message_of<ae::OptionError>([&] { file_of(model, "a.hpp", ModelPart::whole, name); }),
             "expected a name", name));
  }
}

TEST_CASE("weights that are not finite are refused, with the layer, and a missing folder") {
  StackedAutoencoder model({5, 4, 3});
  const TemporaryFolder folder;
  const auto refusal = [&](const std::filesystem::path& path) {
    return message_of<ae::FileError>([&] { ae::export_header(model, path); });
  };
  CHECK(says(refusal(folder / "no" / "a.hpp"), "cannot be written"));
  model.set_bias(2, ae::Vector<float>::Constant(4, INFINITY));
  CHECK(says(refusal(folder / "a.hpp"), "expected finite weights", "layer 2"));
  CHECK_FALSE(std::filesystem::exists(folder / "a.hpp"));
}

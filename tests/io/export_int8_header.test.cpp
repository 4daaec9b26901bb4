#include "ae/io/export_int8_header.hpp"

#include <limits>

#include "ae/autoencoder.hpp"
#include "ae/tools/inference_error.hpp"
#include "support/expect.hpp"

// What the headers give is tested in device/.

using ae::Index;
using ae::Int8Header;
using ae::Matrix;
using ae::ModelPart;
using Relus = ae::StackedAutoencoder<float, ae::Stack<float, ae::Relu>>;

namespace {

struct Exported {
  ae::Int8Report report;
  std::string text;
};

Exported exported(const auto& model, const Matrix<float>& x, const Int8Header& options = {}) {
  const TemporaryFolder folder;
  const auto report = ae::export_header(model, folder / "model.hpp", options, x);
  return {report, ae::read_file(folder / "model.hpp")};
}

bool lacks(const std::string& text, const std::string& part) {
  return text.find(part) == text.npos;
}

}  // namespace

TEST_CASE("the report says what 8 bits cost, which is what they cost Inference") {
  Relus model({40, 20, 10}, 3);
  const Matrix<float> x = Matrix<float>::Random(40, 30).array() * 50 + 100;
  model.set_scaler(ae::Scaler<float>::fit(x));
  const auto [report, text] = exported(model, x);
  const auto expected = ae::inference_error(ae::Inference<float, ae::Int8>(model), model, x);
  CHECK(report.model_mse == doctest::Approx(expected.model_mse));
  CHECK(report.header_mse == doctest::Approx(expected.inference_mse).epsilon(0.01));
  CHECK(report.root_mean_square == doctest::Approx(expected.root_mean_square).epsilon(0.5));
  CHECK(report.largest >= report.root_mean_square);
  CHECK(report.changed == 0);
  CHECK(report.bytes ==
        (40 * 20 + 20 * 12 + 12 * 20 + 20 * 40) + 5 * (20 + 10 + 20 + 40) + 2 * 4 * 40);
  CHECK(says(text, "On 30 samples, reconstructions differ", "std::int8_t weight3[]",
             "Layer numbers0", "double score("));
  CHECK(lacks(text, "table0"));
}

TEST_CASE("samples on the other side of the threshold are counted") {
  ae::StackedAutoencoder model({8, 4, 2}, 1);
  const Matrix<float> x = Matrix<float>::Random(8, 5);
  model.set_threshold(0);  // which all are above
  CHECK(exported(model, x).report.changed == 0);
  const ae::Vector<float> first = x.col(0);
  const TemporaryFolder folder;
  const auto one = ae::export_header(model, folder / "a.hpp", Int8Header{}, first);
  // A threshold between both scores of one sample puts it on two sides.
  REQUIRE(one.model_mse != one.header_mse);
  model.set_threshold((one.model_mse + one.header_mse) / 2);
  CHECK(ae::export_header(model, folder / "a.hpp", Int8Header{}, first).changed == 1);
}

TEST_CASE("parts have their functions, and reports of what they give") {
  const Relus model({8, 6, 3});
  const Matrix<float> x = Matrix<float>::Random(8, 20);
  const auto encoder = exported(model, x, {.part = ModelPart::encoder, .name = "small"});
  CHECK(says(encoder.text, "namespace small {", "void encode(", "codes differ"));
  CHECK((lacks(encoder.text, "void decode(") && lacks(encoder.text, "score")));
  CHECK((encoder.report.root_mean_square > 0 && encoder.report.model_mse == 0));
  const auto decoder = exported(model, x, {.part = ModelPart::decoder});
  CHECK(says(decoder.text, "void decode(", "weight2"));
  CHECK((lacks(decoder.text, "void encode(") && lacks(decoder.text, "weight1")));
  CHECK(decoder.report.model_mse == doctest::Approx(exported(model, x).report.model_mse));
  CHECK(decoder.report.root_mean_square < exported(model, x).report.root_mean_square);
}

TEST_CASE("activations that call <cmath> become tables, one for all layers, others do not") {
  const ae::StackedAutoencoder<float, ae::Stack<float, ae::Tanh>> model({8, 6, 4, 3}, 1);
  const Matrix<float> x = Matrix<float>::Random(8, 20);
  const auto plain = exported(model, x), table = exported(model, x, {.table = 64});
  CHECK(says(plain.text, "std::tanh"));
  CHECK(says(table.text, "float table0[]", "look_up(detail::table0, 64, 0.0f, 0.0f, z)"));
  CHECK(lacks(table.text, "table1"));
  CHECK(table.report.bytes == plain.report.bytes + 65 * 4);
  CHECK(table.report.root_mean_square < 0.05);
  CHECK(lacks(exported(Relus({8, 3}), x, {.table = 64}).text, "look_up"));
  auto logits = Relus({8, 3});
  logits.set_link(ae::Link::logistic);
  CHECK(says(exported(logits, x, {.table = 64}).text, "// Of z: 1 / (1 + std::exp(-z))"));
}

TEST_CASE("missing values of a model that allows them have no part in its errors") {
  Relus model({8, 6, 3}, 1);
  Matrix<float> x = Matrix<float>::Random(8, 20);
  model.set_scaler(ae::Scaler<float>::fit(x, ae::Scaling::standard, ae::Missing::allowed));
  const auto whole = exported(model, x).report;
  for (Index j = 0; j < 20; ++j) x(j % 8, j) = NAN;
  const auto report = exported(model, x).report;
  CHECK(report.model_mse == doctest::Approx(whole.model_mse).epsilon(0.5));
  CHECK(report.header_mse == doctest::Approx(report.model_mse).epsilon(0.1));
}

TEST_CASE("what cannot be exported is refused, and leaves no file") {
  Relus model({8, 6, 3}, 1);
  Matrix<float> x = Matrix<float>::Random(8, 20);
  const TemporaryFolder folder;
  const auto refusal = [&]<class E>(E, const Matrix<float>& data, const Int8Header& options) {
    const std::string said =
        message_of<E>([&] { ae::export_header(model, folder / "a.hpp", options, data); });
    CHECK_FALSE(std::filesystem::exists(folder / "a.hpp"));
    return said;
  };
  for (const int table : {-1, 1, 65537}) {
    CHECK(says(refusal(ae::OptionError(""), x, {.table = table}), "2 to 65536",
               ae::detail::text(table)));
  }
  CHECK(says(refusal(ae::OptionError(""), x, {.name = "a b"}), "expected a name", "a b"));
  CHECK(says(refusal(ae::ShapeError(""), Matrix<float>(8, 0), {}), "at least one sample"));
  CHECK(says(refusal(ae::ShapeError(""), Matrix<float>(7, 2), {}), "8 features", "7"));
  for (const float bad : {NAN, INFINITY}) {
    x(2, 5) = bad;
    CHECK(says(refusal(ae::DataError(""), x, {}), "finite", "sample 5", "feature 2"));
  }
  x(2, 5) = 0;
  model.set_bias(1, ae::Vector<float>::Constant(3, INFINITY));
  CHECK(says(refusal(ae::FileError(""), x, {}), "expected finite weights", "layer 1"));
}

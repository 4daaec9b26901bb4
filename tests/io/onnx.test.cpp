#include "ae/io/onnx.hpp"

#include <cfloat>

#include "ae/autoencoder.hpp"
#include "support/expect.hpp"

// What ONNX Runtime makes of the files is tested in interop/.

using ae::Index;
using ae::ModelPart;
using ae::StackedAutoencoder;

namespace {

template <class Model>
std::string file_of(const Model& model, ModelPart part = ModelPart::whole) {
  const TemporaryFolder folder;
  ae::export_onnx(model, folder / "model.onnx", part);
  return ae::read_file(folder / "model.onnx");
}

Index count(const std::string& text, const std::string& part) {
  Index found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// The values as the file holds them.
std::string raw(const ae::Matrix<float>& values) {
  return {reinterpret_cast<const char*>(values.data()),
          static_cast<std::size_t>(values.size()) * sizeof(float)};
}

/// An activation of the caller's own, and what it is in ONNX.
struct Softsign {
  static constexpr std::string_view name = "softsign";
  auto value(const auto& z) const { return z / (1 + z.abs()); }
  auto derivative(const auto& y) const { return (1 - y.abs()).square(); }
};

std::string to_onnx(ae::onnx::Graph& graph, const Softsign&, const std::string& z) {
  return graph.node("Softsign", {z});
}

}  // namespace

TEST_CASE("a part has its layers, its input and its output") {
  const StackedAutoencoder model({5, 4, 3}, 1);
  const std::string whole = file_of(model), encoder = file_of(model, ModelPart::encoder),
                    decoder = file_of(model, ModelPart::decoder);
  for (Index i = 0; i < 4; ++i) {
    CAPTURE(i);
    const std::string weight = raw(model.weight(i));
    CHECK(count(whole, weight) == 1);
    CHECK(count(encoder, weight) == (i < 2 ? 1 : 0));
    CHECK(count(decoder, weight) == (i < 2 ? 0 : 1));
  }
  CHECK(says(whole, "input", "reconstruction", "batch"));
  CHECK(says(encoder, "input", "code"));
  CHECK(says(decoder, "code", "reconstruction"));
  CHECK(count(encoder, "reconstruction") == 0);
  CHECK(count(decoder, "input") == 0);
}

TEST_CASE("the scaler goes with the samples, not with the codes") {
  StackedAutoencoder model({5, 4, 3});
  CHECK(count(file_of(model), "mean") == 0);
  model.set_scaler({ae::Vector<float>::LinSpaced(5, 1, 2), 3});
  CHECK(count(file_of(model), raw(model.scaler().center())) == 1);
  CHECK(says(file_of(model, ModelPart::encoder), "Sub", "Div"));
  CHECK(count(file_of(model, ModelPart::encoder), "Add") == 0);
  CHECK(says(file_of(model, ModelPart::decoder), "Mul", "Add"));
  CHECK(count(file_of(model, ModelPart::decoder), "Sub") == 0);
}

TEST_CASE("the whole gives scores, and tells anomalies where there is a threshold") {
  StackedAutoencoder model({5, 4, 3});
  CHECK(says(file_of(model), "score", "ReduceMean", "keepdims"));
  CHECK(count(file_of(model), "anomaly") == 0);
  model.set_threshold(0.37);
  const std::string whole = file_of(model);
  CHECK(says(whole, "anomaly", "LessOrEqual", "Not"));
  CHECK(count(whole, raw(ae::Matrix<float>::Constant(1, 1, 0.37f))) == 1);
  CHECK(count(whole, "IsNaN") == 0);
  for (const auto part : {ModelPart::encoder, ModelPart::decoder}) {
    CHECK(count(file_of(model, part), "score") == 0);
    CHECK(count(file_of(model, part), "anomaly") == 0);
  }
  model.set_threshold(1e300);  // no float
  CHECK(count(file_of(model), raw(ae::Matrix<float>::Constant(1, 1, FLT_MAX))) == 1);
}

TEST_CASE("numbers in double become floats") {
  const StackedAutoencoder<double> model({5, 4, 3}, 1);
  CHECK(count(file_of(model), raw(model.weight(0).cast<float>())) == 1);
}

TEST_CASE("an activation of the caller's own takes part") {
  const StackedAutoencoder<float, ae::Stack<float, Softsign>> model({5, 4, 3});
  CHECK(count(file_of(model), "Softsign_") > 0);
}

TEST_CASE("an activation that is chosen at run time is what was chosen") {
  ae::onnx::Graph graph, same;
  const ae::AnyActivation leaky = ae::LeakyRelu{.slope = 0.25};
  CHECK(to_onnx(graph, leaky, "input") == to_onnx(same, ae::LeakyRelu{.slope = 0.25}, "input"));
  CHECK(to_onnx(graph, ae::AnyActivation::named("gelu"), "input") ==
        to_onnx(same, ae::Gelu{}, "input"));
  CHECK(graph.file("model") == same.file("model"));
}

TEST_CASE("a file that cannot be written is an error") {
  const TemporaryFolder folder;
  CHECK(says(message_of<ae::FileError>([&] {
               ae::export_onnx(StackedAutoencoder({5, 3}), folder / "no" / "model.onnx");
             }),
             "cannot be written"));
}

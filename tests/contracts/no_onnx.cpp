// Must not compile, and the message must name what is missing: what the activation is in ONNX.
#include "ae/autoencoder.hpp"
#include "ae/io/onnx.hpp"

struct Softsign {
  static constexpr std::string_view name = "softsign";
  auto value(const auto& z) const { return z / (1 + z.abs()); }
  auto derivative(const auto& y) const { return (1 - y.abs()).square(); }
};

void use(const ae::StackedAutoencoder<float, ae::Stack<float, Softsign>>& model) {
  ae::export_onnx(model, "model.onnx");
}

// Must compile: an activation of the caller's own is one struct, and nothing else changes.
#include "ae/autoencoder.hpp"

struct Softsign {
  static constexpr std::string_view name = "softsign";
  auto value(const auto& z) const { return z / (1 + z.abs()); }
  auto derivative(const auto& y) const { return (1 - y.abs()).square(); }
};

void train(const ae::Matrix<float>& x) {
  ae::StackedAutoencoder<float, ae::Stack<float, Softsign>> model({8, 5, 3});
  model.fit(x, {.epochs = 1});
}

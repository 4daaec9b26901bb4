// An activation of your own: one struct. Its gradients are checked, and then it trains like any
// other.

#include <ae/autoencoder.hpp>
#include <ae/tools/check_gradients.hpp>
#include <iostream>
#include <string_view>

// z is an Eigen array. The derivative is in terms of the value y = z / (1 + |z|): the square of
// 1 - |y|. Where y does not tell the derivative, write derivative_at(z) instead.
struct Softsign {
  static constexpr std::string_view name = "softsign";
  auto value(const auto& z) const { return z / (1 + z.abs()); }
  auto derivative(const auto& y) const { return (1 - y.abs()).square(); }
};

template <class Scalar>
using Model = ae::StackedAutoencoder<Scalar, ae::Stack<Scalar, Softsign>>;

int main() {
  // In double: are the gradients of backpropagation those of central differences? A wrong
  // derivative is found here.
  const double error =
      ae::check_gradients(Model<double>({6, 5, 3}), ae::Matrix<double>::Random(6, 10)).error;
  std::cout << "largest relative error of a gradient: " << error << '\n';

  const ae::Matrix<float> x =
      0.5f * ae::Matrix<float>::Random(20, 3) * ae::Matrix<float>::Random(3, 500);
  Model<float> model({20, 12, 3});
  const double before = model.evaluate(x);
  model.fit(x, {.epochs = 100, .batch_size = 50, .learning_rate = 3e-3});
  std::cout << "mean squared error: " << before << " before training, " << model.evaluate(x)
            << " after it\n";
  return error < 1e-6 && model.evaluate(x) < before / 5 ? 0 : 1;
}

// A loss of your own: one struct. This one makes errors in one direction cost more than in the
// other, so that reconstructions become a quantile of what there is and not its mean.

#include <ae/autoencoder.hpp>
#include <ae/tools/check_gradients.hpp>
#include <iostream>
#include <string_view>

// The pinball loss of an output y and a target t, Eigen arrays: a difference d = y - t costs
// (1 - level) d where y is too large, and level |d| where it is too small. With a level of 0.9 nine
// of ten targets end up below the output.
struct Pinball {
  static constexpr std::string_view name = "pinball";
  double level = 0.5;

  auto value(const auto& y, const auto& t) const {
    return (y - t).abs() / 2 + half_less_level(y) * (y - t);
  }
  auto derivative(const auto& y, const auto& t) const {
    return (y - t).sign() / 2 + half_less_level(y);
  }
  // Data that are divided by a scale s have a loss that is s times smaller.
  double units(double scale) const { return scale; }

 private:
  // In the type of the numbers: Eigen does not mix float and double.
  template <class Array>
  auto half_less_level(const Array&) const {
    return static_cast<typename Array::Scalar>(0.5 - level);
  }
};

int main() {
  const ae::Matrix<double> few = ae::Matrix<double>::Random(6, 10);
  const double error =
      ae::check_gradients(ae::StackedAutoencoder<double>({6, 5, 3}), few, Pinball{0.9}).error;
  std::cout << "largest relative error of a gradient: " << error << '\n';

  // Numbers that have nothing to do with each other: one number of code cannot tell them apart.
  const ae::Matrix<float> x = ae::Matrix<float>::Random(20, 2000);
  ae::StackedAutoencoder model({20, 1});
  model.fit(x, {.epochs = 60, .batch_size = 50, .learning_rate = 1e-2, .schedule = ae::cosine()},
            Pinball{0.9});
  const double share = static_cast<double>((x.array() < model.reconstruct(x).array()).count()) /
                       static_cast<double>(x.size());
  std::cout << share << " of all numbers lie below their reconstruction\n";
  return error < 1e-6 && share > 0.87 && share < 0.93 ? 0 : 1;
}

// Step 3, the network: four dense layers, and what first weights have to do.

#include <ae/autoencoder.hpp>
#include <ae/data/cifar.hpp>
#include <cmath>
#include <iostream>

#include "lesson.hpp"

namespace {

// First weights of any deviation, to hold Xavier's against.
struct Normal {
  double deviation;

  void operator()(ae::Matrix<float>& weight, const ae::Random& random) const {
    std::uint64_t index = 0;
    for (float& entry : weight.reshaped()) {
      entry = static_cast<float>(deviation * random.normal(index++));
    }
  }
};

double deviation(const ae::Matrix<float>& x) {
  return std::sqrt(double(x.squaredNorm()) / static_cast<double>(x.size()));
}

}  // namespace

int main() {
  const auto [train, test] = ae::cifar10::read_folder(lesson::pictures());
  const ae::Matrix<float> x = train.only(ae::cifar10::horse).grayscale().matrix();

  ae::StackedAutoencoder xavier({1024, 300, 150});  // and 150-300-1024 back
  std::cout << ae::summary(xavier) << '\n';

  const ae::StackedAutoencoder<> large({1024, 300, 150}, 0, Normal{0.2});
  const ae::StackedAutoencoder<> small({1024, 300, 150}, 0, Normal{0.005});

  // What goes in has a deviation of 1. How large is what the code and the last layer give?
  const auto scaler = ae::Scaler<float>::fit(x);
  ae::Matrix<float> sheet(1024, 40);
  sheet.leftCols(10) = x.leftCols(10);
  ae::Index row = 1;
  for (auto model : {xavier, large, small}) {
    model.set_scaler(scaler);
    const ae::Matrix<float> code = model.encode(x), output = model.outputs(x);
    std::cout << "deviation of the code " << deviation(code) << ", of the output "
              << deviation(output) << '\n';
    sheet.middleCols(10 * row++, 10) = model.reconstruct(x.leftCols(10));
  }
  lesson::write_rows("network.png", sheet);
  return xavier.layers() == 4 ? 0 : 1;
}

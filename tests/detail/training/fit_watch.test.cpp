#include "ae/detail/training/fit_watch.hpp"

#include "ae/autoencoder.hpp"
#include "support/expect.hpp"

using ae::Matrix;

namespace {

const Matrix<float> x = Matrix<float>::Random(6, 2) * Matrix<float>::Random(2, 90);

/// What a fit warns of.
template <class Model>
std::string warned(Model& model, ae::FitOptions options) {
  std::string all;
  options.warn = [&](const std::string& text) { all += text + '\n'; };
  model.fit(x, options);
  return all;
}

}  // namespace

TEST_CASE("a loss that has risen far is told, a fit that learns says nothing") {
  ae::StackedAutoencoder model({6, 5, 2}, 1), other = model;
  CHECK(says(warned(model, {.epochs = 3, .batch_size = 10, .learning_rate = 20}),
             "a loss that falls", "in the last epoch", "smaller learning_rate"));
  CHECK(warned(other, {.epochs = 3, .batch_size = 10}).empty());
}

TEST_CASE("units of the code that are dead are told") {
  using Rectified = ae::StackedAutoencoder<float, ae::Stack<float, ae::Relu>>;
  Rectified model({6, 5, 3}, 1);
  CHECK(warned(model, {.epochs = 2}).find("dead") == std::string::npos);
  model.set_bias(1, (ae::Vector<float>(3) << -100, 1, -100).finished());
  CHECK(says(warned(model, {.epochs = 2}), "found 2 of 3 that gave 0 for every sample"));
}

TEST_CASE("a fit without a warning's receiver is watched in vain") {
  ae::detail::FitWatch<float> watch(2);
  watch.see(1, ae::linalg::const_view(x));
  CHECK_NOTHROW(watch.report(1e9, nullptr));
}

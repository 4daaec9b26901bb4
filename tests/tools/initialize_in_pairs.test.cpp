#include "ae/tools/initialize_in_pairs.hpp"

#include "ae/parts/augmentation.hpp"
#include "support/expect.hpp"

using ae::Matrix;

namespace {

template <class Hidden>
auto model_of(const std::vector<ae::Index>& sizes) {
  using Layers = ae::Stack<float, Hidden, ae::Identity>;
  return ae::StackedAutoencoder<float, Layers, Layers>(sizes, 3);
}

/// Three numbers a sample and their absolute values, which no three components hold.
Matrix<float> bent() {
  const Matrix<float> u = Matrix<float>::Random(3, 200);
  Matrix<float> both(6, 200);
  both << u, u.cwiseAbs();
  return 40 * Matrix<float>::Random(12, 6) * both;
}

const Matrix<float> x = bent();

}  // namespace

TEST_CASE("a model begins at the error of principal components, and learns on from there") {
  const auto check = [](auto model) {
    const auto pca = ae::initialize_in_pairs(model, x);
    CHECK(pca.code_size() == 3);
    CHECK(model.evaluate(x) == doctest::Approx(pca.evaluate(x)).epsilon(1e-4));
    model.fit(x, {.epochs = 200, .batch_size = 50, .learning_rate = 2e-3});
    CHECK(model.evaluate(x) < 0.8 * pca.evaluate(x));
  };
  check(model_of<ae::Relu>({12, 6, 3}));
  check(model_of<ae::LeakyRelu>({12, 9, 3}));
}

TEST_CASE("models that have no room for pairs are refused") {
  const auto refused = [](auto model) {
    return message_of([&] { ae::initialize_in_pairs(model, x); });
  };
  CHECK(says(refused(model_of<ae::Relu>({12, 5, 3})), "6 hidden units", "layer 0", "found 5"));
  CHECK(says(refused(model_of<ae::Relu>({12, 3})), "4 layers", "found 2"));
  CHECK(says(refused(model_of<ae::Elu>({12, 6, 3})), "like relu", "elu"));
  CHECK(says(refused(ae::StackedAutoencoder<float, ae::Stack<float, ae::Relu>>({12, 6, 3})),
             "layer 1", "linear", "relu"));
}

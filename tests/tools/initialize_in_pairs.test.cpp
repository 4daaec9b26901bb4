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

TEST_CASE("a model without a scaler gets the data's, and one that has a scaler keeps it") {
  auto model = model_of<ae::Relu>({12, 6, 3});
  const auto pca = ae::initialize_in_pairs(model, x);
  const auto fitted = ae::Scaler<float>::fit(x);
  CHECK(model.scaler().center().isApprox(fitted.center(), 1e-5f));
  CHECK(model.scaler().unit() == doctest::Approx(fitted.unit()).epsilon(1e-5));

  const ae::Scaler<float> own(ae::Vector<float>::LinSpaced(12, -30, 50), 7);
  const auto check = [&](auto other) {
    other.set_scaler(own);
    ae::initialize_in_pairs(other, x);
    CHECK(other.scaler().center() == own.center());
    CHECK(other.scaler().unit() == 7);
    CHECK(other.evaluate(x) == doctest::Approx(pca.evaluate(x)).epsilon(1e-4));
    const Matrix<float> codes = other.encode(x);
    CHECK(codes.isApprox(model.encode(x), 1e-4f));
  };
  check(model_of<ae::Relu>({12, 6, 3}));
  check(model_of<ae::LeakyRelu>({12, 9, 3}));
}

TEST_CASE("data that do not vary enough are refused, and the model stays as it was") {
  auto model = model_of<ae::Relu>({12, 6, 3});
  const Matrix<float> before = model.weight(0);
  CHECK(says(message_of<ae::OptionError>(
                 [&] { ae::initialize_in_pairs(model, Matrix<float>::Constant(12, 9, 5)); }),
             "at least 3 directions, found 0"));
  CHECK(says(message_of<ae::ShapeError>(
                 [&] { ae::initialize_in_pairs(model, Matrix<float>::Random(11, 9)); }),
             "12 features, found 11"));
  CHECK(model.weight(0) == before);
  CHECK(model.scaler().is_identity());
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

#include "ae/tools/initialize_from_pca.hpp"

#include <algorithm>
#include <limits>

#include "ae/autoencoder.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::Pca;
using ae::Stack;
using ae::StackedAutoencoder;

namespace {

/// Any function of one number as an activation.
struct Function {
  static constexpr std::string_view name = "function";
  double (*f)(double) = nullptr;

  auto value(const auto& z) const {
    return z.unaryExpr([g = f](auto entry) {
      return static_cast<decltype(entry)>(g(static_cast<double>(entry)));
    });
  }
  auto derivative(const auto& y) const { return 0 * y; }
};

struct Named {
  const char* name;
  double (*f)(double);
};

double logistic(double z) {
  return 1 / (1 + std::exp(-z));
}

const Named activations[] = {
    {"identity", [](double z) { return z; }},
    {"elu", [](double z) { return z > 0 ? z : std::expm1(z); }},
    {"selu", [](double z) { return 1.0507 * (z > 0 ? z : 1.6733 * std::expm1(z)); }},
    {"relu", [](double z) { return std::max(z, 0.0); }},
    {"leaky relu", [](double z) { return std::max(z, 0.01 * z); }},
    {"gelu", [](double z) { return z * std::erfc(-z / std::sqrt(2.0)) / 2; }},
    {"silu", [](double z) { return z * logistic(z); }},
    {"softplus", [](double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))); }},
    {"tanh", [](double z) { return std::tanh(z); }},
    {"sigmoid", logistic},
    {"softsign", [](double z) { return z / (1 + std::abs(z)); }},
    {"hard tanh", [](double z) { return std::clamp(z, -1.0, 1.0); }},
    {"hard sigmoid", [](double z) { return std::clamp(z / 6 + 0.5, 0.0, 1.0); }},
    {"falling relu", [](double z) { return std::max(1 - z, 0.0); }},
};

constexpr Index features = 24;

double normal(Index i, std::uint32_t stream) {
  return ae::Random(1, ae::Purpose::draw, stream).normal(static_cast<std::uint64_t>(i));
}

/// Samples whose k-th direction has the deviation 1 / k, around means that are not 0.
Matrix<double> decaying(Index samples) {
  const Matrix<double> mix = Matrix<double>::NullaryExpr(
      features, features, [](Index i, Index j) { return normal(i + features * j, 2); });
  const Matrix<double> independent = Matrix<double>::NullaryExpr(
      features, samples,
      [](Index i, Index j) { return normal(i + features * j, 3) / static_cast<double>(i + 1); });
  return (10 * mix * independent).colwise() + ae::Vector<double>::LinSpaced(features, 20, 80);
}

template <class Model, class Scalar>
Model started(const std::vector<Index>& sizes, const Matrix<Scalar>& x, std::uint64_t seed = 0) {
  Model model(sizes, 9);
  model.set_scaler(ae::Scaler<Scalar>::fit(x));
  ae::initialize_from_pca(model, x, seed);
  return model;
}

/// A model's error over that of PCA with codes of the same size, less 1.
template <class Model, class Scalar>
double excess(const Model& model, const Matrix<Scalar>& x) {
  return model.evaluate(x) / Pca<double>::fit(x, model.code_size()).evaluate(x) - 1;
}

template <class Scalar, class Activation>
double excess_of(const std::vector<Index>& sizes) {
  const Matrix<Scalar> x = decaying(700).template cast<Scalar>();
  return excess(started<StackedAutoencoder<Scalar, Stack<Scalar, Activation>>>(sizes, x), x);
}

template <class Model>
bool same_parameters(const Model& a, const Model& b) {
  bool same = true;
  for (Index i = 0; i < a.layers(); ++i) {
    same = same && a.weight(i) == b.weight(i) && a.bias(i) == b.bias(i);
  }
  return same;
}

}  // namespace

TEST_CASE_TEMPLATE("a network begins at PCA's error, whatever its activation", Scalar, float,
                   double) {
  using Layer = ae::Dense<Scalar, Function>;
  const Matrix<Scalar> x = decaying(700).template cast<Scalar>();
  for (const Named& activation : activations) {
    const auto f = activation.f;
    for (const bool scaled : {false, true}) {
      ae::Chain encoder(Layer(features, 12, {f}), Layer(12, 5, {f}));
      ae::Chain decoder(Layer(5, 12, {f}), ae::Dense<Scalar>(12, features));
      StackedAutoencoder model(encoder, decoder);
      if (scaled) model.set_scaler(ae::Scaler<Scalar>::fit(x));
      ae::initialize_from_pca(model, x);
      CAPTURE(activation.name);
      CAPTURE(scaled);
      CHECK(excess(model, x) < 0.01);
      CHECK(excess(model, x) > -1e-3);
    }
  }
}

TEST_CASE_TEMPLATE("so it does with any layers that are as wide as the code", Activation, ae::Elu,
                   ae::Tanh) {
  for (const std::vector<Index>& sizes : {std::vector<Index>{features, 5},
                                          {features, 5, 5},
                                          {features, 40, 5},
                                          {features, 1},
                                          {features, 8, 16, 6},
                                          {features, 20, 15, 10, 5, 3}}) {
    CAPTURE(sizes.size());
    CHECK(excess_of<double, Activation>(sizes) < 0.01);
    CHECK(excess_of<float, Activation>(sizes) < 0.01);
  }
}

TEST_CASE("a model without a scaler gets the data's, and one that has a scaler keeps it") {
  const Matrix<double> x = decaying(300);
  StackedAutoencoder<double> model({features, 12, 5});
  ae::initialize_from_pca(model, x);
  const auto fitted = ae::Scaler<double>::fit(x);
  CHECK(model.scaler().center().isApprox(fitted.center(), 1e-12));
  CHECK(model.scaler().unit() == doctest::Approx(fitted.unit()).epsilon(1e-12));

  const ae::Scaler<double> own(ae::Vector<double>::LinSpaced(features, -30, 50), 7);
  StackedAutoencoder<double> other({features, 12, 5});
  other.set_scaler(own);
  ae::initialize_from_pca(other, x);
  CHECK(other.scaler().center() == own.center());
  CHECK(other.scaler().unit() == 7);
  CHECK(excess(other, x) < 0.01);

  StackedAutoencoder<double> constant({features, 12, 5});
  ae::initialize_from_pca(constant, Matrix<double>::Constant(features, 10, 3));
  CHECK(constant.scaler().unit() == 1);
}

TEST_CASE("no network that is nearly linear is better than PCA") {
  CHECK(excess_of<double, ae::Identity>({features, 12, 5}) >= -1e-12);
  CHECK(std::abs(excess_of<double, ae::Identity>({features, 12, 5})) < 1e-12);
  CHECK(excess_of<double, ae::Tanh>({features, 12, 5}) >= -1e-12);
}

TEST_CASE("layers of different types and a linear code are no matter") {
  using namespace ae;
  const Matrix<double> x = decaying(300);
  Chain encoder(Dense<double, Tanh>(features, 10), Dense<double>(10, 4));
  Chain decoder(Dense<double, Sigmoid>(4, 7), Dense<double, Elu>(7, 6), Dense<double>(6, features));
  StackedAutoencoder model(encoder, decoder);
  initialize_from_pca(model, x);
  CHECK(excess(model, x) < 0.01);
  model.visit(1, [&](const auto& layer) {
    CHECK(layer.activation().value(Eigen::ArrayXXd::Constant(1, 1, -3))(0, 0) == -3);
  });
  CHECK((model.encode(x).rowwise().mean()).cwiseAbs().maxCoeff() < 1e-2);
}

TEST_CASE("the codes are the principal codes, shifted to where the activation is straight") {
  const Matrix<double> x = decaying(300);
  const auto model = started<StackedAutoencoder<double>>({features, 12, 3}, x);
  const Matrix<double> codes = model.encode(x);
  const Matrix<double> principal = Pca<double>::fit(x, 3).encode(x) / model.scaler().unit();
  const Matrix<double> centred = codes.colwise() - codes.rowwise().mean();
  CHECK((centred.cwiseAbs() - principal.cwiseAbs()).cwiseAbs().maxCoeff() < 0.05);
  CHECK(codes.minCoeff() > -1e-2);
}

TEST_CASE("where PCA loses nothing, next to nothing is lost") {
  const Matrix<double> x = decaying(300).leftCols(features) * Matrix<double>::Random(features, 4) *
                           Matrix<double>::Random(4, 300);
  const double variance = Pca<double>::fit(x, 1).total_variance() / features;
  for (const Index code : {4, 6}) {
    CHECK(started<StackedAutoencoder<double>>({features, 12, code}, x).evaluate(x) <
          1e-6 * variance);
    const Matrix<float> y = x.cast<float>();
    CHECK(started<StackedAutoencoder<float>>({features, 12, code}, y).evaluate(y) <
          1e-6 * variance);
  }
}

TEST_CASE("a code as large as the features, or larger, keeps everything") {
  const Matrix<double> x = decaying(300);
  const double variance = Pca<double>::fit(x, 1).total_variance() / features;
  for (const Index code : {features, features + 6}) {
    CHECK(started<StackedAutoencoder<double>>({features, 40, code}, x).evaluate(x) <
          1e-6 * variance);
  }
}

TEST_CASE("fewer samples than directions, and constant data, are enough") {
  const Matrix<double> few = decaying(4);
  const double variance = Pca<double>::fit(few, 1).total_variance() / features;
  CHECK(started<StackedAutoencoder<double>>({features, 12, 5}, few).evaluate(few) <
        1e-6 * variance);
  const Matrix<double> constant = Matrix<double>::Constant(features, 10, 3);
  CHECK(started<StackedAutoencoder<double>>({features, 12, 5}, constant).evaluate(constant) <
        1e-20);
}

TEST_CASE("more samples than are looked at closely are all served") {
  const Matrix<float> x = decaying(5000).cast<float>();
  CHECK(excess(started<StackedAutoencoder<float>>({features, 12, 5}, x), x) < 0.01);
  using WithTanh = StackedAutoencoder<float, Stack<float, ae::Tanh>>;
  CHECK(excess(started<WithTanh>({features, 12, 5}, x), x) < 0.01);
}

TEST_CASE("training goes on from there, and units that are left over take part") {
  // Features that bend with the codes, so that there is more to find than PCA does.
  Matrix<double> x(features, 600);
  for (Index j = 0; j < x.cols(); ++j) {
    const double a = normal(j, 5), b = normal(j, 6);
    for (Index i = 0; i < features; ++i) {
      x(i, j) = std::sin(a + 0.3 * static_cast<double>(i)) +
                0.5 * std::cos(b * static_cast<double>(i % 5));
    }
  }
  auto model = started<StackedAutoencoder<double>>({features, 16, 2}, x);
  CHECK(model.weight(3).rightCols(14).isZero());
  CHECK(model.weight(2).bottomRows(14).cwiseAbs().minCoeff() > 0);
  const double before = model.evaluate(x);
  model.fit(x, {.epochs = 30, .batch_size = 50, .learning_rate = 1e-3});
  CHECK(model.evaluate(x) < 0.9 * before);
  CHECK(model.weight(3).rightCols(14).cwiseAbs().minCoeff() > 0);
}

TEST_CASE("units that are left over have weights of the usual size, behind small gains too") {
  const Matrix<double> x = decaying(300);
  using WithTanh = StackedAutoencoder<double, Stack<double, ae::Tanh>>;
  const auto model = started<WithTanh>({features, 12, 3}, x);
  const double limit = std::sqrt(6.0 / (12 + 3));
  CHECK(model.weight(3).leftCols(3).cwiseAbs().maxCoeff() > 10 * limit);
  CHECK(model.weight(2).bottomRows(9).cwiseAbs().maxCoeff() < limit);
  CHECK(model.weight(2).bottomRows(9).cwiseAbs().maxCoeff() > limit / 2);
}

TEST_CASE("the seed decides on the units that are left over, not on the error") {
  const Matrix<double> x = decaying(300);
  using Model = StackedAutoencoder<double>;
  const auto model = started<Model>({features, 12, 5}, x, 1);
  CHECK(same_parameters(model, started<Model>({features, 12, 5}, x, 1)));
  const auto other = started<Model>({features, 12, 5}, x, 2);
  CHECK_FALSE(same_parameters(model, other));
  CHECK(model.evaluate(x) == doctest::Approx(other.evaluate(x)).epsilon(1e-9));
}

TEST_CASE("a layer narrower than the code cannot begin at PCA, and nothing is changed") {
  const Matrix<float> x = decaying(50).cast<float>();
  StackedAutoencoder model({features, 4, 5});
  const auto before = model;
  CHECK(says(message_of<ae::ShapeError>([&] { ae::initialize_from_pca(model, x); }),
             "at least the 5 units", "found 4 in layer 0"));
  CHECK(same_parameters(model, before));
}

TEST_CASE("data of another width, or none, are refused") {
  StackedAutoencoder model({features, 8, 5});
  CHECK(says(message_of<ae::ShapeError>(
                 [&] { ae::initialize_from_pca(model, Matrix<float>::Zero(9, 5)); }),
             "initialize_from_pca", "24 features", "found 9"));
  CHECK(says(message_of<ae::ShapeError>(
                 [&] { ae::initialize_from_pca(model, Matrix<float>(features, 0)); }),
             "at least one sample"));
}

TEST_CASE("an output that is not linear is refused by name") {
  ae::Chain encoder(ae::Dense<double, ae::Tanh>(features, 5));
  ae::Chain decoder(ae::Dense<double, ae::Sigmoid>(5, features));
  StackedAutoencoder model(encoder, decoder);
  CHECK(says(message_of<ae::OptionError>([&] { ae::initialize_from_pca(model, decaying(50)); }),
             "linear output", "found sigmoid"));
}

TEST_CASE("samples that are not finite are refused, and nothing is changed") {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Matrix<double> x = decaying(50);
    x(3, 7) = bad;
    StackedAutoencoder<double> model({features, 8, 5});
    const auto before = model;
    CHECK(says(message_of<ae::OptionError>([&] { ae::initialize_from_pca(model, x); }),
               "not finite"));
    CHECK(same_parameters(model, before));
    CHECK(model.scaler().is_identity());
  }
}

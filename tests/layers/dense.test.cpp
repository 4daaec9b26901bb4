#include "ae/layers/dense.hpp"

#include "support/expect.hpp"
#include "support/gradient_check.hpp"

using ae::Chain;
using ae::Dense;
using ae::Index;
using ae::Matrix;

namespace {

/// Weights and inputs such that no pre-activation comes near a kink at zero.
template <class Activation>
double error_of(Index inputs, Index outputs, Index batch) {
  for (std::uint64_t seed = 1;; ++seed) {
    Dense<double, Activation> layer(inputs, outputs);
    layer.initialize(ae::XavierNormal{}, ae::Random(seed, ae::Purpose::initialise));
    std::srand(static_cast<unsigned>(seed));
    layer.set_bias(Matrix<double>::Random(outputs, 1));
    const Matrix<double> x = Matrix<double>::Random(inputs, batch);
    const Matrix<double> z = (layer.weight() * x).colwise() + layer.bias();
    if (z.cwiseAbs().minCoeff() < 1e-3) continue;
    return worst_gradient_error(Chain(layer), x, Matrix<double>::Random(outputs, batch));
  }
}

}  // namespace

TEST_CASE_TEMPLATE("a dense layer's gradients agree with central differences", Activation,
                   ae::Identity, ae::Elu, ae::Selu, ae::Relu, ae::LeakyRelu, ae::Sigmoid, ae::Tanh,
                   ae::Softplus, ae::Gelu, ae::Silu) {
  CHECK(error_of<Activation>(7, 5, 4) < 1e-6);
  CHECK(error_of<Activation>(1, 1, 1) < 1e-6);
  CHECK(error_of<Activation>(3, 70, 2) < 1e-6);
}

TEST_CASE_TEMPLATE("a dense layer computes activation(W x + b)", Scalar, float, double) {
  Dense<Scalar, ae::Elu> layer(2, 3);
  layer.set_weight((Matrix<Scalar>(3, 2) << 1, 2, 3, 4, -5, -6).finished());
  layer.set_bias((Matrix<Scalar>(3, 1) << 1, 0, -1).finished());
  const Matrix<Scalar> x = (Matrix<Scalar>(2, 1) << 0.5, -1).finished();
  Matrix<Scalar> y(3, 1);
  ae::Product<Scalar> product;
  layer.forward(product, ae::linalg::const_view(x), ae::linalg::view(y));
  CHECK(y(0, 0) == doctest::Approx(std::expm1(-0.5)));
  CHECK(y(1, 0) == doctest::Approx(std::expm1(-2.5)));
  CHECK(y(2, 0) == doctest::Approx(2.5));
}

TEST_CASE("a layer shows z = W x + b before it becomes y, if it is asked to") {
  Dense<double, ae::Gelu> layer(3, 130);
  layer.initialize(ae::XavierNormal{}, ae::Random(1, ae::Purpose::initialise));
  layer.set_bias(Matrix<double>::Random(130, 1));
  const Matrix<double> x = Matrix<double>::Random(3, 70);
  Matrix<double> y(130, 70), z(130, 70);
  ae::Product<double> product;
  layer.forward(product, ae::linalg::const_view(x), ae::linalg::view(y), ae::linalg::view(z));
  CHECK(z.isApprox((layer.weight() * x).colwise() + layer.bias(), 1e-14));
  CHECK(y.isApprox(ae::Gelu{}.value(z.array()).matrix(), 1e-14));
}

TEST_CASE("only an activation without a derivative in terms of its value needs z") {
  CHECK(Dense<double, ae::Gelu>::needs_pre_activation);
  CHECK(Dense<float, ae::Silu>::needs_pre_activation);
  CHECK_FALSE(Dense<double, ae::Elu>::needs_pre_activation);
  CHECK_FALSE(Dense<float>::needs_pre_activation);
}

TEST_CASE("an activation's numbers are checked") {
  CHECK(says(message_of<ae::OptionError>([] { Dense<float, ae::LeakyRelu>(3, 2, {.slope = -1}); }),
             "LeakyRelu", "-1"));
}

TEST_CASE("every tile of the output is shown once") {
  Dense<double> layer(3, 130);
  const Matrix<double> x = Matrix<double>::Random(3, 70);
  Matrix<double> y(130, 70), seen = Matrix<double>::Zero(130, 70);
  ae::Product<double> product;
  const auto see = [&](const auto&, ae::Range rows, ae::Range cols) {
    seen.block(rows.first, cols.first, rows.size, cols.size).array() += 1;
  };
  layer.forward(product, ae::linalg::const_view(x), ae::linalg::view(y),
                ae::linalg::no_view<double>(), see);
  CHECK((seen.array() == 1).all());
}

TEST_CASE("sizes of zero and matrices of another shape are refused with both shapes") {
  CHECK(says(message_of<ae::ShapeError>([] { Dense<float>(0, 3); }), "0 inputs"));
  CHECK(says(message_of<ae::ShapeError>([] { Dense<float>(3, -1); }), "-1 outputs"));
  Dense<float> layer(2, 3);
  CHECK(says(message_of<ae::ShapeError>([&] { layer.set_weight(Matrix<float>::Zero(2, 3)); }),
             "3 x 2", "2 x 3"));
  CHECK(says(message_of<ae::ShapeError>([&] { layer.set_bias(Matrix<float>::Zero(2, 1)); }),
             "3 x 1", "2 x 1"));
}

#include "ae/parts/any_activation.hpp"

#include <array>

#include "ae/autoencoder.hpp"
#include "ae/tools/check_gradients.hpp"
#include "support/expect.hpp"
#include "support/same.hpp"
#include "support/trained.hpp"

using ae::AnyActivation;
using ae::Dense;
using ae::Index;
using ae::Matrix;

namespace {

#define ACTIVATIONS                                                                              \
  ae::Identity, ae::Elu, ae::Selu, ae::Relu, ae::LeakyRelu, ae::Sigmoid, ae::Tanh, ae::Softplus, \
      ae::Gelu, ae::Silu

/// y, dL/dz, dL/dx, dL/dW and dL/db of a layer with drawn weights and dL/dy.
template <class Layer>
std::array<Matrix<double>, 5> pass(Layer layer) {
  using ae::linalg::const_view;
  using ae::linalg::view;
  layer.set_weight(random(9, 11, 0));
  ae::Product<double> product;
  const Matrix<double> x = random(11, 60, 1);
  Matrix<double> y(9, 60), z(9, 60), dz = random(9, 60, 2), dx(11, 60), dw(9, 11), db(9, 1);
  layer.forward(product, const_view(x), view(y), view(z));
  layer.differentiate(view(dz), const_view(Layer::needs_pre_activation ? z : y));
  layer.backward_input(product, const_view(dz), view(dx));
  const auto weight = ae::linalg::store_to(dw), bias = ae::linalg::store_to(db);
  layer.backward_parameters(product, const_view(x), const_view(dz),
                            [&](Index parameter) -> ae::linalg::EpilogueRef<double> {
                              if (parameter == 0) return weight;
                              return bias;
                            });
  return {y, dz, dx, dw, db};
}

}  // namespace

static_assert(ae::Activation<AnyActivation>);
static_assert(Dense<float, AnyActivation>::needs_pre_activation);

TEST_CASE_TEMPLATE("values and derivatives are those of the activation to the bit", Activation,
                   ACTIVATIONS) {
  const AnyActivation any = AnyActivation::named(Activation::name);
  CHECK(any.name == Activation::name);
  const auto check = [&]<class Values>(const auto& one, const Values& z) {
    const Values y = one.value(z);
    CHECK(same_bits(any.value(z), y));
    if constexpr (requires { one.derivative(y); }) {
      CHECK(same_bits(any.derivative_at(z), Values(one.derivative(y))));
      CHECK(same_bits(any.second_derivative_at(z), Values(one.second_derivative(y))));
    } else {
      CHECK(same_bits(any.derivative_at(z), Values(one.derivative_at(z))));
      CHECK(same_bits(any.second_derivative_at(z), Values(one.second_derivative_at(z))));
    }
  };
  check(Activation(), Eigen::Array<float, 16, 1>(Eigen::Array<float, 16, 1>::LinSpaced(-4, 5)));
  check(Activation(), Eigen::Array<double, 8, 1>(Eigen::Array<double, 8, 1>::LinSpaced(-4, 5)));
  check(Activation(), Eigen::ArrayXXf(Eigen::ArrayXf::LinSpaced(21, -4, 5).reshaped(7, 3)));
}

TEST_CASE_TEMPLATE("a layer gives the same, and has the same gradients, to the bit", Activation,
                   ACTIVATIONS) {
  const auto of_any =
      pass(Dense<double, AnyActivation>(11, 9, AnyActivation::named(Activation::name)));
  const auto of_one = pass(Dense<double, Activation>(11, 9));
  for (std::size_t i = 0; i < of_any.size(); ++i) CHECK(same_bits(of_any[i], of_one[i]));
}

TEST_CASE("gradients are right, those of penalties on derivatives too") {
  const Matrix<double> x = random(11, 4, 8);
  for (const char* name : {"elu", "relu", "leaky_relu", "selu", "gelu", "silu", "softplus", "tanh",
                           "sigmoid", "identity"}) {
    CAPTURE(name);
    const auto any = AnyActivation::named(name);
    using Layer = Dense<double, AnyActivation>;
    ae::StackedAutoencoder model(ae::Chain(Layer(11, 9, any), Layer(9, 5, any)),
                                 ae::Chain(Layer(5, 9, any), Dense<double>(9, 11)));
    for (Index i = 0; i < model.layers(); ++i) {
      const Matrix<double> like = model.weight(i);
      model.set_weight(i, random(like.rows(), like.cols(), static_cast<std::uint32_t>(i)) / 3);
    }
    CHECK(ae::check_gradients(model, x).error < 1e-6);
    CHECK(ae::check_gradients(model, x, ae::Contractive{}).error < 1e-6);
  }
}

TEST_CASE("a layer tells the name of its activation") {
  CHECK(Dense<float, AnyActivation>(2, 2).name() == "elu");
  CHECK(Dense<float, AnyActivation>(2, 2, AnyActivation::named("tanh")).name() == "tanh");
}

TEST_CASE("a leaky ReLU keeps its slope, and is refused one below 0") {
  const AnyActivation leaky = ae::LeakyRelu{.slope = 0.25};
  CHECK(leaky.name == "leaky_relu");
  CHECK(leaky.value(Eigen::Array2d(-8, 2)).matrix() == Eigen::Vector2d(-2, 2));
  CHECK(leaky.derivative_at(Eigen::Array2d(-8, 2)).matrix() == Eigen::Vector2d(0.25, 1));
  CHECK(says(message_of<ae::OptionError>(
                 [] { Dense<float, AnyActivation>(2, 2, ae::LeakyRelu{.slope = -1}); }),
             "LeakyRelu", "-1"));
}

TEST_CASE("a name that no activation has is refused with those there are") {
  CHECK(says(message_of<ae::OptionError>([] { AnyActivation::named("swish"); }),
             "activation: expected one of elu, ", "leaky_relu", "identity", "found \"swish\""));
}

#undef ACTIVATIONS

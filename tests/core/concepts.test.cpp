#include "ae/core/concepts.hpp"

#include "ae/data/cifar.hpp"
#include "ae/detail/data/source.hpp"
#include "ae/layers/stack.hpp"
#include "ae/parts/loss.hpp"
#include "ae/parts/optimizer.hpp"
#include "ae/parts/regularizer.hpp"
#include "support/expect.hpp"
#include "support/gradient_check.hpp"

using ae::Matrix;

namespace {

struct Nothing {};

struct Softplus {
  static constexpr std::string_view name = "softplus";
  auto value(const auto& z) const { return (1 + z.exp()).log(); }
  auto derivative(const auto& y) const { return 1 - (-y).exp(); }
};

struct Nameless {
  auto value(const auto& z) const { return z; }
  auto derivative(const auto& y) const { return y; }
};

}  // namespace

static_assert(ae::Activation<ae::Identity> && ae::Activation<ae::Elu> && ae::Activation<ae::Relu>);
static_assert(ae::Activation<ae::Sigmoid> && ae::Activation<ae::Tanh>);
static_assert(ae::Activation<Softplus>);
static_assert(!ae::Activation<Nameless> && !ae::Activation<ae::Mse> && !ae::Activation<Nothing>);

static_assert(ae::Initializer<ae::XavierUniform> && ae::Initializer<ae::XavierNormal>);
static_assert(!ae::Initializer<Nothing>);

static_assert(ae::Loss<ae::Mse>);
static_assert(!ae::Loss<Softplus> && !ae::Loss<Nothing>);

static_assert(ae::Regularizer<ae::L2>);
static_assert(!ae::Regularizer<ae::Mse> && !ae::Regularizer<Nothing>);

static_assert(ae::Optimizer<ae::Adam>);
static_assert(!ae::Optimizer<ae::L2> && !ae::Optimizer<Nothing>);

static_assert(ae::Source<ae::detail::MatrixSource<float>> &&
              ae::Source<ae::detail::MatrixSource<double>>);
static_assert(ae::Source<ae::Pictures>);
static_assert(!ae::Source<Matrix<float>> && !ae::Source<Nothing>);

static_assert(ae::Layer<ae::Dense<float>> && ae::Layer<ae::Dense<double, Softplus>>);
static_assert(!ae::Layer<ae::Stack<float>> && !ae::Layer<Nothing>);

TEST_CASE("an activation of the caller's own is computed by a dense layer") {
  ae::Dense<double, Softplus> layer(1, 2);
  layer.set_weight((Matrix<double>(2, 1) << 1, -2).finished());
  ae::Workspace<double> workspace;
  ae::detail::forward(ae::Chain(layer), Matrix<double>::Ones(1, 1), workspace);
  const Matrix<double> y = workspace.output(0);
  CHECK(y(0) == doctest::Approx(std::log1p(std::exp(1.0))));
  CHECK(y(1) == doctest::Approx(std::log1p(std::exp(-2.0))));
  CHECK(layer.name() == "softplus");
}

TEST_CASE("a dense layer with an activation of the caller's own has the right gradients") {
  ae::Dense<double, Softplus> layer(5, 4);
  layer.initialize(ae::XavierUniform{}, ae::Random(1, ae::Purpose::initialise));
  Matrix<double> x(5, 3), target(4, 3);
  ae::XavierNormal{}(x, ae::Random(2, ae::Purpose::draw));
  ae::XavierNormal{}(target, ae::Random(3, ae::Purpose::draw));
  CHECK(worst_gradient_error(ae::Chain(layer), x, target) < 1e-6);
}

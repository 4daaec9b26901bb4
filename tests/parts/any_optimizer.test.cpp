#include "ae/parts/any_optimizer.hpp"

#include "ae/autoencoder.hpp"
#include "support/expect.hpp"
#include "support/same.hpp"
#include "support/trained.hpp"

using ae::AnyOptimizer;
using ae::Matrix;

namespace {

#define OPTIMIZERS ae::Sgd, ae::RmsProp, ae::Adam, ae::AdamW, ae::Nadam, ae::Lion

template <class Scalar>
auto fitted(const auto&... parts) {
  const Matrix<Scalar> x = random(11, 60, 8).cast<Scalar>();
  ae::StackedAutoencoder<Scalar> model({11, 9, 5}, 7);
  model.fit(x, {.epochs = 4, .batch_size = 16, .learning_rate = 1e-2}, parts...);
  return model;
}

}  // namespace

static_assert(ae::Optimizer<AnyOptimizer> && ae::Part<AnyOptimizer>);

TEST_CASE_TEMPLATE("a fit ends in the same bits as with the optimizer itself", Optimizer,
                   OPTIMIZERS) {
  const auto any = AnyOptimizer::named(Optimizer::name);
  CHECK(any.name == Optimizer::name);
  CHECK(
      same_parameters(fitted<float>(any, ae::L2{1e-2}), fitted<float>(Optimizer{}, ae::L2{1e-2})));
}

TEST_CASE("so it does in double, and without a regularizer") {
  CHECK(same_parameters(fitted<double>(AnyOptimizer::named("lion")), fitted<double>(ae::Lion{})));
}

TEST_CASE("an optimizer keeps its numbers; biases do not decay") {
  const ae::L2 none{0};
  const ae::AdamW decaying{.decay = 3};
  CHECK(
      same_parameters(fitted<float>(AnyOptimizer(decaying), none), fitted<float>(decaying, none)));
  const ae::Sgd nesterov{.momentum = 0.9, .nesterov = true};
  CHECK(
      same_parameters(fitted<float>(AnyOptimizer(nesterov), none), fitted<float>(nesterov, none)));
  CHECK(same_parameters(fitted<float>(AnyOptimizer{}, none), fitted<float>(ae::Adam{}, none)));
}

TEST_CASE("numbers out of range, and a name that no optimizer has, are refused") {
  CHECK(says(message_of<ae::OptionError>([] { fitted<float>(AnyOptimizer(ae::Sgd{2}), ae::L2{}); }),
             "Sgd", "momentum", "found 2"));
  CHECK(says(message_of<ae::OptionError>([] { AnyOptimizer::named("Adam"); }),
             "optimizer: expected one of adam, adamw, nadam, rmsprop, sgd, lion, found \"Adam\""));
}

#undef OPTIMIZERS

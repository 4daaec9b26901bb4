#include "ae/parts/any_loss.hpp"

#include "ae/autoencoder.hpp"
#include "ae/tools/check_gradients.hpp"
#include "support/expect.hpp"
#include "support/same.hpp"
#include "support/trained.hpp"

using ae::AnyLoss;
using ae::Matrix;

namespace {

#define LOSSES ae::Mse, ae::Mae, ae::Huber, ae::BinaryCrossEntropy

/// From 0 to 1.
template <class Scalar>
const Matrix<Scalar> samples = (random(11, 60, 8).array().tanh() + 1).matrix().cast<Scalar>() / 2;

}  // namespace

static_assert(ae::Loss<AnyLoss> && ae::Part<AnyLoss>);

TEST_CASE_TEMPLATE("a fit ends in the same bits as with the loss itself, and so does a measure",
                   Loss, LOSSES) {
  const auto any = AnyLoss::named(Loss::name);
  CHECK(any.name == Loss::name);
  ae::StackedAutoencoder with_any({11, 9, 5}, 7), with_one = with_any;
  const Matrix<float>& x = samples<float>;
  const auto of_any = with_any.fit(x, {.epochs = 3, .batch_size = 16}, any);
  const auto of_one = with_one.fit(x, {.epochs = 3, .batch_size = 16}, Loss{});
  CHECK(same_parameters(with_any, with_one));
  CHECK(of_any.back().data_loss == of_one.back().data_loss);
  CHECK(with_any.evaluate(x, any) == with_one.evaluate(x, Loss{}));
  CHECK(any.units(3) == Loss{}.units(3));
}

TEST_CASE("gradients are right") {
  const ae::StackedAutoencoder<double, ae::Stack<double, ae::Tanh>> model({11, 9, 5}, 7);
  for (const char* name : {"mse", "mae", "huber", "binary_cross_entropy"}) {
    CAPTURE(name);
    const Matrix<double> x = samples<double>.leftCols(4);
    CHECK(ae::check_gradients(model, x, AnyLoss::named(name)).error < 1e-6);
  }
}

TEST_CASE("Huber keeps its delta; by default the error is squared") {
  const ae::Huber huber{.delta = 0.5};
  const Eigen::Array2d y(3, 0.25), target(1, 0);
  CHECK(same_bits(AnyLoss(huber).value(y, target), Eigen::Array2d(huber.value(y, target))));
  CHECK(same_bits(AnyLoss{}.value(y, target), Eigen::Array2d(4, 0.0625)));
  CHECK(same_bits(AnyLoss{}.derivative(y, target), Eigen::Array2d(4, 0.5)));
}

TEST_CASE("numbers out of range, and a name that no loss has, are refused") {
  ae::StackedAutoencoder model({11, 9, 5});
  CHECK(says(
      message_of<ae::OptionError>([&] { model.fit(samples<float>, {}, AnyLoss(ae::Huber{-1})); }),
      "Huber", "found -1"));
  CHECK(says(message_of<ae::OptionError>([] { AnyLoss::named("l2"); }),
             "loss: expected one of mse, mae, huber, binary_cross_entropy, found \"l2\""));
}

#undef LOSSES

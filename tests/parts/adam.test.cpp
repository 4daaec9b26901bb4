#include "ae/parts/adam.hpp"

#include "support/expect.hpp"
#include "support/trained.hpp"

using ae::Adam;
using ae::AdamW;
using ae::Index;
using ae::Matrix;
using ae::Nadam;

namespace {

/// Algorithm 1 of Adam's paper as it stands there, for one number.
struct AdamByHand {
  double value, first = 0, second = 0;

  void step(const Adam& adam, double rate, int count, double gradient) {
    first = adam.beta1 * first + (1 - adam.beta1) * gradient;
    second = adam.beta2 * second + (1 - adam.beta2) * gradient * gradient;
    const double first_hat = first / (1 - std::pow(adam.beta1, count));
    const double second_hat = second / (1 - std::pow(adam.beta2, count));
    value -= rate * first_hat / (std::sqrt(second_hat) + adam.epsilon);
  }
};

/// Algorithm 2 of AdamW's paper, the schedule multiplier being the rate and alpha 1.
struct AdamWByHand {
  double value, first = 0, second = 0;

  void step(const AdamW& adam, double rate, int count, double gradient) {
    first = adam.beta1 * first + (1 - adam.beta1) * gradient;
    second = adam.beta2 * second + (1 - adam.beta2) * gradient * gradient;
    const double first_hat = first / (1 - std::pow(adam.beta1, count));
    const double second_hat = second / (1 - std::pow(adam.beta2, count));
    value -= rate * (first_hat / (std::sqrt(second_hat) + adam.epsilon) + adam.decay * value);
  }
};

/// Algorithm 2 of Nadam's paper, with the product of all momenta.
struct NadamByHand {
  double value, first = 0, second = 0, product = 1;

  void step(const Nadam& nadam, double rate, int count, double gradient) {
    const double now = nadam.beta1 * (1 - 0.5 * std::pow(0.96, count * 0.004));
    const double next = nadam.beta1 * (1 - 0.5 * std::pow(0.96, (count + 1) * 0.004));
    product *= now;
    first = nadam.beta1 * first + (1 - nadam.beta1) * gradient;
    second = nadam.beta2 * second + (1 - nadam.beta2) * gradient * gradient;
    const double first_hat =
        next * first / (1 - product * next) + (1 - now) * gradient / (1 - product);
    const double second_hat = second / (1 - std::pow(nadam.beta2, count));
    value -= rate * first_hat / (std::sqrt(second_hat) + nadam.epsilon);
  }
};

}  // namespace

TEST_CASE("fifty steps are those of the papers' algorithms, number by number") {
  CHECK(error_after_50_steps<AdamByHand, double>(Adam{}) < 1e-13);
  const Adam adam{.beta1 = 0.8, .beta2 = 0.99, .epsilon = 0.1};
  CHECK(error_after_50_steps<AdamByHand, double>(adam) < 1e-13);
  CHECK(error_after_50_steps<AdamByHand, float>(Adam{}) < 1e-5);

  CHECK(error_after_50_steps<AdamWByHand, double>(AdamW{}) < 1e-13);
  CHECK(error_after_50_steps<AdamWByHand, double>(AdamW{.decay = 2, .beta1 = 0.8}) < 1e-13);
  CHECK(error_after_50_steps<AdamWByHand, float>(AdamW{.decay = 2}) < 1e-5);

  CHECK(error_after_50_steps<NadamByHand, double>(Nadam{}) < 1e-13);
  CHECK(error_after_50_steps<NadamByHand, double>(Nadam{.beta1 = 0.99, .epsilon = 0.1}) < 1e-13);
  CHECK(error_after_50_steps<NadamByHand, float>(Nadam{}) < 1e-5);
}

TEST_CASE("one step on a constant gradient moves every entry by the rate, against its sign") {
  const Matrix<double> start = random(4, 5, 0), gradient = random(4, 5, 1);
  Trained trained(start);
  trained.step(Adam{}, 0.01, 1, gradient);
  CHECK((start - trained.value).isApprox(0.01 * gradient.cwiseSign(), 1e-4));
}

TEST_CASE("on a constant gradient every later step moves by the rate as well") {
  const Matrix<double> gradient = random(4, 5, 1);
  Trained<double> trained(Matrix<double>::Zero(4, 5));
  for (Index count = 1; count <= 20; ++count) trained.step(Adam{}, 0.01, count, gradient);
  CHECK(trained.value.isApprox(-0.2 * gradient.cwiseSign(), 1e-4));
}

TEST_CASE("a step's rule may be applied to any number of parameters, or tile by tile") {
  const Matrix<double> start = random(6, 5, 0), gradient = random(6, 5, 1);
  Trained whole(start), tiles(start);
  for (Index count = 1; count <= 3; ++count) {
    whole.step(Adam{}, 0.01, count, gradient);
    const auto update = Adam{}.rule<double>(0.01, count);
    for (Index row = 0; row < 6; row += 2) {
      update(tiles.value.middleRows(row, 2), gradient.middleRows(row, 2),
             tiles.first.middleRows(row, 2), tiles.second.middleRows(row, 2));
    }
  }
  CHECK(tiles.value.isApprox(whole.value, 1e-14));
  CHECK(tiles.first.isApprox(whole.first, 1e-14));
  CHECK(tiles.second.isApprox(whole.second, 1e-14));
}

TEST_CASE("where there is no gradient nothing moves") {
  const Matrix<double> start = random(2, 3, 0);
  Trained adam(start), nadam(start);
  for (Index count = 1; count <= 3; ++count) {
    adam.step(Adam{}, 0.01, count, Matrix<double>::Zero(2, 3));
    nadam.step(Nadam{}, 0.01, count, Matrix<double>::Zero(2, 3));
  }
  CHECK(adam.value == start);
  CHECK(nadam.value == start);
}

TEST_CASE("the first step of a float rule moves by the rate, for gradients of any usual size") {
  for (const float size : {1e-4f, 1.0f, 1e4f}) {
    Trained<float> trained(Matrix<float>::Zero(1, 1));
    trained.step(Adam{}, 0.01, 1, Matrix<float>::Constant(1, 1, size));
    CHECK(trained.value(0) == doctest::Approx(-0.01).epsilon(1e-3));
  }
}

TEST_CASE_TEMPLATE("AdamW without decay is Adam to the bit", Scalar, float, double) {
  const Matrix<Scalar> start = random(37, 5, 0).cast<Scalar>();
  const AdamW decaying{.decay = 0.3};
  Trained<Scalar> adam(start), none(start), without(start);
  for (Index count = 1; count <= 10; ++count) {
    const Matrix<Scalar> gradient = random(37, 5, static_cast<std::uint32_t>(count)).cast<Scalar>();
    adam.step(Adam{}, 0.01, count, gradient);
    none.step(AdamW{.decay = 0}, 0.01, count, gradient);
    const auto update = decaying.rule<Scalar>(0.01, count).without_decay();
    update(without.value, gradient, without.first, without.second);
  }
  CHECK(none.value == adam.value);
  CHECK(none.second == adam.second);
  CHECK(without.value == adam.value);
}

TEST_CASE("weights without a gradient decay by rate times decay a step") {
  const Matrix<double> start = random(2, 3, 0);
  Trained trained(start);
  for (Index count = 1; count <= 20; ++count) {
    trained.step(AdamW{.decay = 0.5}, 0.1, count, Matrix<double>::Zero(2, 3));
  }
  CHECK(trained.value.isApprox(std::pow(0.95, 20) * start, 1e-14));
}

TEST_CASE("Nadam's numbers stay right however many the steps") {
  const Nadam nadam;
  const auto late = nadam.rule<double>(0.01, 1'000'000);
  CHECK(late.gradient_rate == doctest::Approx(0.01 * (1 - 0.9)));
  CHECK(late.first_rate == doctest::Approx(0.01 * 0.9));
  CHECK(nadam.rule<double>(0.01, 1).gradient_rate == doctest::Approx(0.01));
}

TEST_CASE("numbers outside their range are refused") {
  const auto message = [](const auto& optimizer) {
    return message_of<ae::OptionError>([&] { optimizer.require_valid(); });
  };
  const double nan = std::nan("");
  CHECK(says(message(Adam{.beta1 = 1}), "betas from 0 to below 1", "found 1 and 0.999"));
  CHECK(says(message(Adam{.beta2 = -0.1}), "betas", "-0.1"));
  CHECK(says(message(Adam{.beta1 = nan}), "betas", "nan"));
  CHECK(says(message(Adam{.epsilon = 0}), "epsilon above 0", "found 0"));
  CHECK(says(message(AdamW{.decay = -1}), "AdamW", "decay of at least 0", "-1"));
  CHECK(says(message(AdamW{.decay = HUGE_VAL}), "AdamW", "inf"));
  CHECK(says(message(AdamW{.beta2 = 1}), "betas"));
  CHECK(says(message(Nadam{.beta1 = 1}), "betas"));
  CHECK(says(message(Nadam{.epsilon = nan}), "epsilon"));
  CHECK_NOTHROW(Adam{}.require_valid());
  CHECK_NOTHROW(AdamW{}.require_valid());
  CHECK_NOTHROW(Nadam{}.require_valid());
}

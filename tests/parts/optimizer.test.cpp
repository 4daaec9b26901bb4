#include "ae/parts/optimizer.hpp"

#include "support/expect.hpp"
#include "support/trained.hpp"

using ae::Index;
using ae::Lion;
using ae::Matrix;
using ae::RmsProp;
using ae::Sgd;

namespace {

struct RmsPropByHand {
  double value, second = 0;

  void step(const RmsProp& rmsprop, double rate, int, double gradient) {
    second = rmsprop.decay * second + (1 - rmsprop.decay) * gradient * gradient;
    value -= rate * gradient / (std::sqrt(second) + rmsprop.epsilon);
  }
};

/// Algorithm 2 of Lion's paper.
struct LionByHand {
  double value, first = 0;

  void step(const Lion& lion, double rate, int, double gradient) {
    const double update = lion.beta1 * first + (1 - lion.beta1) * gradient;
    const double sign = update > 0 ? 1 : -1;
    value -= rate * (sign + lion.decay * value);
    first = lion.beta2 * first + (1 - lion.beta2) * gradient;
  }
};

Matrix<double> number(double value) {
  return Matrix<double>::Constant(1, 1, value);
}

/// The curvatures of a bowl.
const Matrix<double> curvature = (Matrix<double>(3, 1) << 0.5, 1, 4).finished();

}  // namespace

TEST_CASE("without momentum a step goes against the gradient, by the rate") {
  const Matrix<double> start = random(4, 5, 0), gradient = random(4, 5, 1);
  Trained trained(start);
  trained.step(Sgd{}, 0.1, 1, gradient);
  CHECK(trained.value.isApprox(start - 0.1 * gradient, 1e-15));
  trained.step(Sgd{}, 0.2, 2, gradient);
  CHECK(trained.value.isApprox(start - 0.3 * gradient, 1e-15));
}

TEST_CASE("on a constant gradient the steps with momentum are a geometric series") {
  const double momentum = 0.9, rate = 0.1, gradient = 3;
  Trained plain(number(0)), nesterov(number(0));
  double sum = 0, ahead = 0;
  for (Index count = 1; count <= 30; ++count) {
    plain.step(Sgd{.momentum = momentum}, rate, count, number(gradient));
    nesterov.step(Sgd{.momentum = momentum, .nesterov = true}, rate, count, number(gradient));
    const double power = std::pow(momentum, static_cast<double>(count));
    sum += (1 - power) / (1 - momentum);
    ahead += (1 - power * momentum) / (1 - momentum);
  }
  CHECK(plain.value(0) == doctest::Approx(-rate * gradient * sum).epsilon(1e-12));
  CHECK(nesterov.value(0) == doctest::Approx(-rate * gradient * ahead).epsilon(1e-12));
}

TEST_CASE("Nesterov's momentum takes the gradient where the momentum leads") {
  const double momentum = 0.8, rate = 0.05;
  const auto gradient_at = [](const Matrix<double>& w) -> Matrix<double> {
    return curvature.cwiseProduct(w);
  };
  const Matrix<double> start = random(3, 1, 0);
  Trained ours(start);
  Matrix<double> w = start, velocity = Matrix<double>::Zero(3, 1);
  for (Index count = 1; count <= 20; ++count) {
    const Matrix<double> seen = gradient_at(ours.value);
    ours.step(Sgd{.momentum = momentum, .nesterov = true}, rate, count, seen);
    velocity = momentum * velocity - rate * gradient_at(w + momentum * velocity);
    w += velocity;
  }
  CHECK(ours.value.isApprox(w + momentum * velocity, 1e-13));  // ours is where the next step looks
}

TEST_CASE("fifty steps of RMSProp and Lion are those of their definitions, number by number") {
  CHECK(error_after_50_steps<RmsPropByHand, double>(RmsProp{}) < 1e-13);
  CHECK(error_after_50_steps<RmsPropByHand, double>(RmsProp{.decay = 0.99, .epsilon = 0.1}) <
        1e-13);
  CHECK(error_after_50_steps<RmsPropByHand, float>(RmsProp{}) < 1e-5);
  CHECK(error_after_50_steps<LionByHand, double>(Lion{}) < 1e-13);
  CHECK(error_after_50_steps<LionByHand, double>(Lion{.decay = 2, .beta1 = 0.5}) < 1e-13);
  CHECK(error_after_50_steps<LionByHand, float>(Lion{.decay = 2}) < 1e-5);
}

TEST_CASE("on a constant gradient RMSProp's average is 1 - decay^n of its square") {
  Trained trained(number(0));
  for (Index count = 1; count <= 10; ++count) trained.step(RmsProp{}, 0.1, count, number(-3));
  CHECK(trained.first(0) == doctest::Approx(9 * (1 - std::pow(0.9, 10))).epsilon(1e-13));
}

TEST_CASE("Lion moves every entry by the rate, and nothing without a gradient") {
  const Matrix<double> start = random(4, 5, 0), gradient = random(4, 5, 1);
  Trained trained(start), still(start);
  trained.step(Lion{}, 0.25, 1, gradient);
  CHECK(trained.value == start - 0.25 * gradient.cwiseSign());
  still.step(Lion{}, 0.25, 1, Matrix<double>::Zero(4, 5));
  CHECK(still.value == start);
}

TEST_CASE("Lion's weights decay by rate times decay a step, unless they are told not to") {
  const Matrix<double> start = random(2, 3, 0), none = Matrix<double>::Zero(2, 3);
  const Lion lion{.decay = 0.5};
  Trained trained(start), kept(start);
  for (Index count = 1; count <= 20; ++count) {
    trained.step(lion, 0.1, count, none);
    lion.rule<double>(0.1, count).without_decay()(kept.value, none, kept.first);
  }
  CHECK(trained.value.isApprox(std::pow(0.95, 20) * start, 1e-14));
  CHECK(kept.value == start);
}

#define OPTIMIZERS ae::Sgd, ae::RmsProp, ae::Adam, ae::AdamW, ae::Nadam, ae::Lion

TEST_CASE_TEMPLATE("every optimizer rolls to the ground of a bowl", Optimizer, OPTIMIZERS) {
  Trained trained(random(3, 1, 0));
  const Matrix<double> ground = 0.5 * random(3, 1, 1);
  constexpr Index steps = 2000;
  for (Index count = 1; count <= steps; ++count) {
    const double left = 1 - static_cast<double>(count - 1) / steps;
    const Matrix<double> gradient = curvature.cwiseProduct(trained.value - ground);
    Optimizer optimizer;
    if constexpr (requires { optimizer.decay; } && !std::is_same_v<Optimizer, RmsProp>) {
      optimizer.decay = 0;
    }
    trained.step(optimizer, 0.05 * left, count, gradient);
  }
  CHECK((trained.value - ground).norm() < 1e-3);
}

TEST_CASE("AdamW comes to rest where the decay balances the gradient's step") {
  Trained trained(number(0));
  for (Index count = 1; count <= 20'000; ++count) {
    trained.step(ae::AdamW{.decay = 0.1, .epsilon = 1}, 0.01, count, number(trained.value(0) - 2));
  }
  // At a distance d from 2, d / (d + epsilon) = decay (2 - d).
  const double distance = (std::sqrt(0.9 * 0.9 + 4 * 0.1 * 0.2) - 0.9) / (2 * 0.1);
  CHECK(trained.value(0) == doctest::Approx(2 - distance).epsilon(1e-6));
}

TEST_CASE_TEMPLATE("a gradient may be an expression of the parameter, and nothing is allocated",
                   Optimizer, OPTIMIZERS) {
  const Matrix<float> start = random(37, 3, 0).cast<float>(), data = random(37, 3, 1).cast<float>();
  Trained once(start), lazily(start);
  for (Index count = 1; count <= 3; ++count) {
    const Matrix<float> gradient = data + 2.0f * once.value;
    once.step(Optimizer{}, 0.01, count, gradient);
    const auto rule = Optimizer{}.template rule<float>(0.01, count);
    Eigen::internal::set_is_malloc_allowed(false);
    update<Optimizer>(rule, lazily.value, data + 2.0f * lazily.value, lazily.first, lazily.second);
    Eigen::internal::set_is_malloc_allowed(true);
  }
  CHECK(lazily.value.isApprox(once.value, 1e-6f));
}

TEST_CASE_TEMPLATE("a gradient that is not a number stays visible", Optimizer, OPTIMIZERS) {
  Trained trained(Matrix<float>(random(37, 3, 0).cast<float>()));
  Matrix<float> gradient = random(37, 3, 1).cast<float>();
  gradient(3, 1) = gradient(36, 2) = std::numeric_limits<float>::quiet_NaN();
  trained.step(Optimizer{}, 0.01, 1, gradient);
  CHECK(std::isnan(trained.value(3, 1)));
  CHECK(std::isnan(trained.value(36, 2)));
  CHECK(trained.value.array().isNaN().count() == 2);
}

#undef OPTIMIZERS

TEST_CASE("numbers outside their range are refused") {
  const auto message = [](const auto& optimizer) {
    return message_of<ae::OptionError>([&] { optimizer.require_valid(); });
  };
  const double nan = std::nan("");
  CHECK(says(message(Sgd{.momentum = 1}), "Sgd", "momentum from 0 to below 1", "found 1"));
  CHECK(says(message(Sgd{.momentum = nan}), "Sgd", "nan"));
  CHECK(says(message(RmsProp{.decay = -0.5}), "RmsProp", "decay from 0 to below 1", "-0.5"));
  CHECK(says(message(RmsProp{.epsilon = 0}), "RmsProp", "epsilon above 0"));
  CHECK(says(message(Lion{.beta1 = 1}), "Lion", "betas from 0 to below 1", "found 1 and 0.99"));
  CHECK(says(message(Lion{.decay = -2}), "Lion", "decay of at least 0", "-2"));
  CHECK(says(message(Lion{.decay = nan}), "Lion", "nan"));
  CHECK_NOTHROW(Sgd{.momentum = 0.9}.require_valid());
  CHECK_NOTHROW(RmsProp{}.require_valid());
  CHECK_NOTHROW(Lion{}.require_valid());
}

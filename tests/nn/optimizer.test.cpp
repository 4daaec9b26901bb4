#include "ae/nn/optimizer.hpp"

#include <doctest/doctest.h>

#include <vector>

using ae::Index;
using ae::Matrix;

namespace {

/// A parameter with its moments.
template <class Scalar>
struct Trained {
  Matrix<Scalar> value, first, second;

  explicit Trained(const Matrix<Scalar>& start)
      : value(start), first(Matrix<Scalar>::Zero(start.rows(), start.cols())), second(first) {}

  void step(const ae::Adam& adam, double rate, Index count, const Matrix<Scalar>& gradient) {
    adam.rule<Scalar>(rate, count)(value, gradient, first, second);
  }
};

/// Algorithm 1 of the paper as it stands there, for one number.
struct ByHand {
  double value, first = 0, second = 0;

  void step(const ae::Adam& adam, double rate, int count, double gradient) {
    first = adam.beta1 * first + (1 - adam.beta1) * gradient;
    second = adam.beta2 * second + (1 - adam.beta2) * gradient * gradient;
    const double first_hat = first / (1 - std::pow(adam.beta1, count));
    const double second_hat = second / (1 - std::pow(adam.beta2, count));
    value -= rate * first_hat / (std::sqrt(second_hat) + adam.epsilon);
  }
};

/// Normal numbers, another matrix for every stream.
Matrix<double> random(Index rows, Index cols, std::uint32_t stream) {
  const ae::Random source(1, ae::Purpose::draw, stream);
  return Matrix<double>::NullaryExpr(rows, cols, [&](Index row, Index col) {
    return source.normal(static_cast<std::uint64_t>(row + rows * col));
  });
}

/// The largest difference after 50 steps between Adam on a matrix and on its entries one by one.
template <class Scalar>
double error_after_50_steps(const ae::Adam& adam) {
  const Matrix<double> start = random(3, 7, 0);
  Trained<Scalar> trained(start.cast<Scalar>());
  std::vector<ByHand> by_hand;
  for (const double entry : start.reshaped()) by_hand.push_back({entry});
  for (int count = 1; count <= 50; ++count) {
    const Matrix<double> gradient = random(3, 7, static_cast<std::uint32_t>(count));
    trained.step(adam, 0.01, count, gradient.cast<Scalar>());
    for (std::size_t i = 0; i < by_hand.size(); ++i) {
      by_hand[i].step(adam, 0.01, count, gradient.reshaped()(static_cast<Index>(i)));
    }
  }
  double worst = 0;
  for (std::size_t i = 0; i < by_hand.size(); ++i) {
    const auto found = static_cast<double>(trained.value.reshaped()(static_cast<Index>(i)));
    worst = std::max(worst, std::abs(found - by_hand[i].value));
  }
  return worst;
}

}  // namespace

TEST_CASE("fifty steps of Adam are those of the paper's algorithm, number by number") {
  CHECK(error_after_50_steps<double>({}) < 1e-13);
  CHECK(error_after_50_steps<double>({.beta1 = 0.8, .beta2 = 0.99, .epsilon = 0.1}) < 1e-13);
  CHECK(error_after_50_steps<float>({}) < 1e-5);
}

TEST_CASE("one step on a constant gradient moves every entry by the rate, against its sign") {
  const Matrix<double> start = random(4, 5, 0), gradient = random(4, 5, 1);
  Trained trained(start);
  trained.step({}, 0.01, 1, gradient);
  CHECK((start - trained.value).isApprox(0.01 * gradient.cwiseSign(), 1e-4));
}

TEST_CASE("on a constant gradient every later step moves by the rate as well") {
  const Matrix<double> gradient = random(4, 5, 1);
  Trained<double> trained(Matrix<double>::Zero(4, 5));
  for (Index count = 1; count <= 20; ++count) trained.step({}, 0.01, count, gradient);
  CHECK(trained.value.isApprox(-0.2 * gradient.cwiseSign(), 1e-4));
}

TEST_CASE("a step's rule may be applied to any number of parameters, or tile by tile") {
  const Matrix<double> start = random(6, 5, 0), gradient = random(6, 5, 1);
  Trained whole(start), tiles(start);
  for (Index count = 1; count <= 3; ++count) {
    whole.step({}, 0.01, count, gradient);
    const auto update = ae::Adam{}.rule<double>(0.01, count);
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
  Trained trained(start);
  for (Index count = 1; count <= 3; ++count)
    trained.step({}, 0.01, count, Matrix<double>::Zero(2, 3));
  CHECK(trained.value == start);
}

TEST_CASE("the first step of a float rule moves by the rate, for gradients of any usual size") {
  for (const float size : {1e-4f, 1.0f, 1e4f}) {
    Trained<float> trained(Matrix<float>::Zero(1, 1));
    trained.step({}, 0.01, 1, Matrix<float>::Constant(1, 1, size));
    CHECK(trained.value(0) == doctest::Approx(-0.01).epsilon(1e-3));
  }
}

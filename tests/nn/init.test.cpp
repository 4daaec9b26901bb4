#include "ae/nn/init.hpp"

#include <doctest/doctest.h>

using ae::Matrix;

namespace {

template <class Scalar, class Init>
Matrix<Scalar> drawn(const Init& init, std::uint64_t seed = 1, ae::Index rows = 200,
                     ae::Index cols = 300) {
  Matrix<Scalar> weight(rows, cols);
  init(weight, ae::Random(seed, ae::Purpose::initialise));
  return weight;
}

double variance(const Matrix<double>& weight) {
  return weight.squaredNorm() / static_cast<double>(weight.size());
}

/// Five standard errors of a mean of this variance.
double tolerance(double of_one, const Matrix<double>& weight) {
  return 5 * std::sqrt(of_one / static_cast<double>(weight.size()));
}

}  // namespace

TEST_CASE("Xavier's uniform weights fill [-a, a] with a = sqrt(6 / (inputs + outputs))") {
  const double limit = std::sqrt(6.0 / 500);
  const Matrix<double> weight = drawn<double>(ae::XavierUniform{});
  CHECK(weight.cwiseAbs().maxCoeff() <= limit);
  CHECK(weight.maxCoeff() > 0.999 * limit);
  CHECK(weight.minCoeff() < -0.999 * limit);
}

TEST_CASE_TEMPLATE("Xavier's weights have mean 0 and variance 2 / (inputs + outputs)", Init,
                   ae::XavierUniform, ae::XavierNormal) {
  const Matrix<double> weight = drawn<double>(Init{});
  constexpr double expected = 2.0 / 500;
  CHECK(std::abs(weight.mean()) < tolerance(expected, weight));
  // The variance of a squared normal number is twice its variance squared; of a uniform one, less.
  CHECK(std::abs(variance(weight) - expected) < tolerance(2 * expected * expected, weight));
}

TEST_CASE("Xavier's normal weights have tails") {
  CHECK(drawn<double>(ae::XavierNormal{}).cwiseAbs().maxCoeff() > 3.5 * std::sqrt(2.0 / 500));
}

TEST_CASE_TEMPLATE("the same seed draws the same bits, another seed others", Init,
                   ae::XavierUniform, ae::XavierNormal) {
  CHECK((drawn<float>(Init{}, 5) == drawn<float>(Init{}, 5)));
  CHECK((drawn<float>(Init{}, 5).array() != drawn<float>(Init{}, 6).array()).count() > 59'000);
}

TEST_CASE_TEMPLATE("weights in float are those in double, rounded", Init, ae::XavierUniform,
                   ae::XavierNormal) {
  CHECK((drawn<float>(Init{}) == drawn<double>(Init{}).template cast<float>()));
}

TEST_CASE("entries are drawn column by column") {
  const ae::Random random(1, ae::Purpose::initialise);
  const Matrix<double> weight = drawn<double>(ae::XavierNormal{}, 1, 3, 5);
  CHECK(weight(1, 2) == std::sqrt(2.0 / 8) * random.normal(7));
}

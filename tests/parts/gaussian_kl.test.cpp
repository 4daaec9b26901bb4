#include "ae/parts/gaussian_kl.hpp"

#include "ae/detail/training/reparameterization.hpp"
#include "support/expect.hpp"
#include "support/gradient_check.hpp"

using ae::Matrix;

namespace {

double density(double x, double mean, double variance) {
  return std::exp(-(x - mean) * (x - mean) / (2 * variance)) /
         std::sqrt(2 * 3.14159265358979323846 * variance);
}

/// KL(N(mean, variance) || N(0, 1)) by the trapezium rule.
double quadrature(double mean, double variance) {
  const double deviation = std::sqrt(variance), step = deviation / 200;
  double sum = 0;
  for (double x = mean - 12 * deviation; x < mean + 12 * deviation; x += step) {
    const double p = density(x, mean, variance);
    sum += step * p * (std::log(p) - std::log(density(x, 0, 1)));
  }
  return sum;
}

}  // namespace

TEST_CASE("the divergence of a normal distribution from the standard one is that of quadrature") {
  Matrix<double> codes(4, 2);  // two latent units: means above log variances
  codes << 0.7, 0, -1.5, 0, std::log(0.3), 0, std::log(2.5), 0;
  const auto kl = ae::gaussian_kl(codes);
  CHECK(kl[0] == doctest::Approx(quadrature(0.7, 0.3) + quadrature(-1.5, 2.5)).epsilon(1e-9));
  CHECK(kl[1] == 0);
}

TEST_CASE("the gradient of the divergence agrees with central differences") {
  Matrix<double> codes = Matrix<double>::Random(6, 5);
  const ae::GaussianKl penalty{.weight = 0.3};
  const Matrix<double> gradient = penalty.activity_gradient(codes);
  CHECK(gradient_error(codes, gradient, [&] { return penalty.activity_penalty(codes); }) < 1e-6);
}

TEST_CASE("the weight rises during the warm-up") {
  const ae::GaussianKl penalty{.weight = 5, .warmup = 0.4};
  CHECK(penalty.activity_factor(0) == 0);
  CHECK(penalty.activity_factor(0.1) == doctest::Approx(0.25));
  CHECK(penalty.activity_factor(0.4) == 1);
  CHECK(ae::GaussianKl{}.activity_factor(0) == 1);
}

TEST_CASE("samples have the mean and the deviation of the code") {
  Matrix<double> codes(2, 20000), z, spread;
  codes.row(0).setConstant(3);
  codes.row(1).setConstant(std::log(4.0));
  const ae::Random random(1, ae::Purpose::sample);
  ae::detail::Reparameterization{}.draw(codes, random, z, spread);
  CHECK(z.mean() == doctest::Approx(3).epsilon(0.02));
  CHECK((z.array() - 3).square().mean() == doctest::Approx(4).epsilon(0.03));
  ae::detail::Reparameterization{.noise = false}.draw(codes, random, z, spread);
  CHECK(z == codes.topRows(1));
}

TEST_CASE("the gradient through a sample agrees with central differences") {
  Matrix<double> codes = Matrix<double>::Random(6, 5), z, spread;
  const Matrix<double> dz = Matrix<double>::Random(3, 5);
  const ae::Random random(1, ae::Purpose::sample);
  const auto loss = [&] {
    ae::detail::Reparameterization{}.draw(codes, random, z, spread);
    return z.cwiseProduct(dz).sum();
  };
  loss();
  Matrix<double> gradient(6, 5);
  ae::detail::Reparameterization{}.backward(codes, dz, spread, gradient);
  CHECK(gradient_error(codes, gradient, loss) < 1e-6);
}

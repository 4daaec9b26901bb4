#include "ae/models/gaussian.hpp"

#include <doctest/doctest.h>

#include <cmath>

using ae::Gaussian;
using ae::Index;
using ae::Matrix;
using ae::Vector;

namespace {

/// Four corners, of mean (1, 10) and covariance diagonal(4, 0.25).
const Matrix<double> corners =
    (Matrix<double>(2, 4) << -1, -1, 3, 3, 9.5, 10.5, 9.5, 10.5).finished();

}  // namespace

TEST_CASE("a Gaussian has the mean and the covariance of its samples") {
  const Gaussian fitted = Gaussian::fit(corners, Eigen::RowVectorXd::Ones(4), 0);
  CHECK(fitted.mean.isApprox(Vector<double>{{1, 10}}, 1e-14));
  CHECK(fitted.variances.isApprox(Vector<double>{{0.25, 4}}, 1e-14));
  CHECK(
      fitted.covariance().isApprox(Matrix<double>(Vector<double>{{4, 0.25}}.asDiagonal()), 1e-14));
}

TEST_CASE("samples count by their shares") {
  const Gaussian fitted = Gaussian::fit(corners, Eigen::RowVectorXd{{2, 2, 0, 0}}, 0);
  CHECK(fitted.mean.isApprox(Vector<double>{{-1, 10}}, 1e-14));
  CHECK(
      fitted.covariance().isApprox(Matrix<double>(Vector<double>{{0, 0.25}}.asDiagonal()), 1e-14));
}

TEST_CASE("the floor goes under the variances") {
  const Gaussian fitted = Gaussian::fit(corners, Eigen::RowVectorXd::Ones(4), 1);
  CHECK(fitted.variances.isApprox(Vector<double>{{1, 4}}, 1e-14));
}

TEST_CASE("the density is that of the normal distribution") {
  const Gaussian fitted = Gaussian::fit(corners, Eigen::RowVectorXd::Ones(4), 0);
  const Eigen::RowVectorXd found = fitted.log_density(corners);
  const double expected = -std::log(2 * std::numbers::pi) - 0.5 * std::log(4 * 0.25) - 1;
  for (const double density : found) CHECK(density == doctest::Approx(expected).epsilon(1e-12));
}

TEST_CASE("samples have the mean and the covariance") {
  const Gaussian fitted = Gaussian::fit(corners, Eigen::RowVectorXd::Ones(4), 0);
  const ae::Random random(1, ae::Purpose::draw);
  Matrix<double> x(2, 20'000);
  for (Index i = 0; i < x.cols(); ++i) {
    x.col(i) = fitted.sample(random, static_cast<std::uint64_t>(i));
  }
  const Gaussian again = Gaussian::fit(x, Eigen::RowVectorXd::Ones(x.cols()), 0);
  CHECK((again.mean - fitted.mean).cwiseAbs().maxCoeff() < 5 * 2 / std::sqrt(20'000.0));
  CHECK((again.covariance() - fitted.covariance()).cwiseAbs().maxCoeff() <
        5 * 4 * std::sqrt(2 / 20'000.0));
}

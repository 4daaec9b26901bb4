#include "ae/detail/parts/log_variance.hpp"

#include <doctest/doctest.h>

using ae::Matrix;

TEST_CASE_TEMPLATE("log variances are as they are from -10 to 3, and never reach -20 and 6", Scalar,
                   float, double) {
  Matrix<Scalar> v(3, 3);
  v << 0, 1.25, -3.5, 3, -10, -9.75, -1e6, 1e6, Scalar(1e30);
  const Matrix<Scalar> kept = ae::detail::bounded_log_variance(v);
  CHECK(kept.topRows(2) == v.topRows(2));
  CHECK(kept(2, 0) > -20);
  CHECK(kept(2, 0) < -19.9);
  CHECK(kept(2, 1) < 6);
  CHECK(kept(2, 1) > 5.9);
  CHECK(kept(2, 2) <= 6);
}

TEST_CASE("they rise with their slope, which central differences confirm") {
  const Matrix<double> v = Eigen::VectorXd::LinSpaced(101, -40.3, 41.9);
  const double step = 1e-5;
  const Matrix<double> above = ae::detail::bounded_log_variance((v.array() + step).matrix());
  const Matrix<double> below = ae::detail::bounded_log_variance((v.array() - step).matrix());
  const Matrix<double> slope = ae::detail::log_variance_slope(v);
  CHECK(slope.isApprox((above - below) / (2 * step), 1e-7));
  CHECK(slope.minCoeff() > 0);
  CHECK(slope.maxCoeff() == 1);
}

TEST_CASE("of codes the lower half is kept in the range") {
  Matrix<double> codes(4, 1);
  codes << 300, -200, 1, 300;
  const Matrix<double> kept = ae::detail::bounded_codes(codes);
  CHECK(kept.topRows(3) == codes.topRows(3));
  CHECK(kept(3) < 6);
}

#include "ae/parts/loss.hpp"

#include "support/expect.hpp"
#include "support/gradient_check.hpp"

using ae::Matrix;

namespace {

template <class Scalar>
const Matrix<Scalar> output = (Matrix<Scalar>(2, 2) << 1, 2, 3, 4).finished();

template <class Scalar>
const Matrix<Scalar> target = (Matrix<Scalar>(2, 2) << 1, 4, 0, 8).finished();

template <class Scalar>
Matrix<Scalar> value(const auto& loss, const Matrix<Scalar>& y, const Matrix<Scalar>& to) {
  return loss.value(y.array(), to.array());
}

template <class Scalar>
Matrix<Scalar> derivative(const auto& loss, const Matrix<Scalar>& y, const Matrix<Scalar>& to) {
  return loss.derivative(y.array(), to.array());
}

/// 40 numbers from -3 to 3 against 40 from 0 to 1, no two near each other or 1.5 apart.
double derivative_error(const auto& loss) {
  Matrix<double> y = Eigen::VectorXd::LinSpaced(40, -3, 3);
  const Matrix<double> to = Eigen::VectorXd::LinSpaced(40, 0.017, 0.993).reverse();
  return gradient_error(y, derivative(loss, y, to), [&] { return value(loss, y, to).sum(); });
}

}  // namespace

TEST_CASE_TEMPLATE("the squared error is taken entry by entry", Scalar, float, double) {
  CHECK(value(ae::Mse{}, output<Scalar>, target<Scalar>) ==
        (Matrix<Scalar>(2, 2) << 0, 4, 9, 16).finished());
  CHECK(derivative(ae::Mse{}, output<Scalar>, target<Scalar>) ==
        (Matrix<Scalar>(2, 2) << 0, -4, 6, -8).finished());
}

TEST_CASE_TEMPLATE("the absolute error is taken entry by entry", Scalar, float, double) {
  CHECK(value(ae::Mae{}, output<Scalar>, target<Scalar>) ==
        (Matrix<Scalar>(2, 2) << 0, 2, 3, 4).finished());
  CHECK(derivative(ae::Mae{}, output<Scalar>, target<Scalar>) ==
        (Matrix<Scalar>(2, 2) << 0, -1, 1, -1).finished());
}

TEST_CASE_TEMPLATE("Huber's loss is a parabola up to delta, and its tangent beyond", Scalar, float,
                   double) {
  const ae::Huber huber{.delta = 2.5};
  CHECK(value(huber, output<Scalar>, target<Scalar>) ==
        (Matrix<Scalar>(2, 2) << 0, 2, 4.375, 6.875).finished());
  CHECK(derivative(huber, output<Scalar>, target<Scalar>) ==
        (Matrix<Scalar>(2, 2) << 0, -2, 2.5, -2.5).finished());
}

TEST_CASE(
    "with a large delta Huber's loss is half the squared error, with a small one delta times "
    "the absolute error") {
  const Matrix<double> half = value(ae::Mse{}, output<double>, target<double>) / 2;
  CHECK(value(ae::Huber{1e3}, output<double>, target<double>).isApprox(half, 1e-15));
  const Matrix<double> absolute = value(ae::Mae{}, output<double>, target<double>);
  CHECK((value(ae::Huber{1e-9}, output<double>, target<double>) / 1e-9).isApprox(absolute, 1e-8));
}

TEST_CASE_TEMPLATE("the binary cross-entropy of logits is that of their probabilities", Scalar,
                   float, double) {
  const Matrix<Scalar> z = (Matrix<Scalar>(2, 3) << -4, -0.5, 0, 0.375, 2, 6).finished();
  const Matrix<Scalar> t = (Matrix<Scalar>(2, 3) << 0, 0.25, 0.5, 0.875, 1, 0).finished();
  const Matrix<Scalar> loss = value(ae::BinaryCrossEntropy{}, z, t);
  const Matrix<Scalar> slope = derivative(ae::BinaryCrossEntropy{}, z, t);
  for (ae::Index i = 0; i < z.size(); ++i) {
    const double p = 1 / (1 + std::exp(-static_cast<double>(z(i)))), to = t(i);
    CHECK(loss(i) == doctest::Approx(-to * std::log(p) - (1 - to) * std::log1p(-p)).epsilon(1e-6));
    CHECK(slope(i) == doctest::Approx(p - to).epsilon(1e-6));
  }
  CHECK(value(ae::BinaryCrossEntropy{}, z, t)(0, 2) == doctest::Approx(std::log(2.0)));
}

TEST_CASE_TEMPLATE("the binary cross-entropy is finite at any logit", Scalar, float, double) {
  const Matrix<Scalar> z = (Matrix<Scalar>(2, 2) << -1000, -1000, 1000, 1000).finished();
  const Matrix<Scalar> t = (Matrix<Scalar>(2, 2) << 0, 1, 0, 1).finished();
  CHECK(value(ae::BinaryCrossEntropy{}, z, t)
            .isApprox((Matrix<Scalar>(2, 2) << 0, 1000, 1000, 0).finished()));
  CHECK(derivative(ae::BinaryCrossEntropy{}, z, t)
            .isApprox((Matrix<Scalar>(2, 2) << 0, -1, 1, 0).finished()));
}

TEST_CASE("derivatives of losses agree with central differences") {
  CHECK(derivative_error(ae::Mse{}) < 1e-6);
  CHECK(derivative_error(ae::Mae{}) < 1e-6);
  CHECK(derivative_error(ae::Huber{1.5}) < 1e-6);
  CHECK(derivative_error(ae::BinaryCrossEntropy{}) < 1e-6);
}

TEST_CASE("a loss of data divided by a scale grows back to the units of the data") {
  const Matrix<double> y = output<double> / 3, to = target<double> / 3;
  const auto grown = [&](const auto& loss) -> Matrix<double> {
    return loss.units(3) * value(loss, y, to);
  };
  CHECK(grown(ae::Mse{}).isApprox(value(ae::Mse{}, output<double>, target<double>), 1e-15));
  CHECK(grown(ae::Mae{}).isApprox(value(ae::Mae{}, output<double>, target<double>), 1e-15));
  CHECK(
      grown(ae::Huber{0.9}).isApprox(value(ae::Huber{2.7}, output<double>, target<double>), 1e-15));
  CHECK(ae::BinaryCrossEntropy{}.units(3) == 1);
}

TEST_CASE_TEMPLATE("an error that is not a number stays visible in the loss", Loss, ae::Mse,
                   ae::Mae, ae::Huber, ae::BinaryCrossEntropy) {
  Matrix<float> y = Matrix<float>::Random(19, 3), to = Matrix<float>::Random(19, 3);
  y(1, 0) = y(18, 2) = to(7, 1) = std::numeric_limits<float>::quiet_NaN();
  const Matrix<float> loss = value(Loss{}, y, to);
  CHECK(std::isnan(loss(1, 0)));
  CHECK(std::isnan(loss(18, 2)));
  CHECK(std::isnan(loss(7, 1)));
  CHECK(loss.array().isNaN().count() == 3);
}

TEST_CASE("a delta that is not above 0 is refused") {
  for (const double delta : {0.0, -1.0, HUGE_VAL, std::nan("")}) {
    CHECK(says(message_of<ae::OptionError>([&] { ae::Huber{delta}.require_valid(); }),
               "Huber: expected a delta above 0", ae::detail::text(delta)));
  }
  CHECK_NOTHROW(ae::Huber{}.require_valid());
}

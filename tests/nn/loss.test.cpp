#include "ae/nn/loss.hpp"

#include "support/expect.hpp"
#include "support/gradient_check.hpp"

using ae::Matrix;

namespace {

template <class Scalar>
const Matrix<Scalar> output = (Matrix<Scalar>(2, 2) << 1, 2, 3, 4).finished();

template <class Scalar>
const Matrix<Scalar> target = (Matrix<Scalar>(2, 2) << 1, 4, 0, 8).finished();

}  // namespace

TEST_CASE_TEMPLATE("the squared error is taken entry by entry", Scalar, float, double) {
  const Matrix<Scalar> loss = ae::Mse{}.value(output<Scalar>.array(), target<Scalar>.array());
  CHECK(loss == (Matrix<Scalar>(2, 2) << 0, 4, 9, 16).finished());
}

TEST_CASE_TEMPLATE("its derivative is twice the difference", Scalar, float, double) {
  const Matrix<Scalar> derivative =
      ae::Mse{}.derivative(output<Scalar>.array(), target<Scalar>.array());
  CHECK(derivative == (Matrix<Scalar>(2, 2) << 0, -4, 6, -8).finished());
}

TEST_CASE("the derivative of the loss agrees with central differences") {
  Matrix<double> y = output<double>;
  const auto to = target<double>.array();
  const Matrix<double> derivative = ae::Mse{}.derivative(y.array(), to);
  CHECK(gradient_error(y, derivative, [&] { return ae::Mse{}.value(y.array(), to).sum(); }) < 1e-6);
}

TEST_CASE("a squared error of data divided by a scale grows back by its square") {
  CHECK(ae::Mse{}.units(3) == 9);
  CHECK(ae::Mse{}.units(1) == 1);
}

TEST_CASE("an error that is not a number stays visible in the loss") {
  Matrix<double> y = output<double>;
  y(1, 0) = std::numeric_limits<double>::quiet_NaN();
  const Matrix<double> loss = ae::Mse{}.value(y.array(), target<double>.array());
  CHECK(std::isnan(loss(1, 0)));
  CHECK(loss(0, 1) == 4);
}

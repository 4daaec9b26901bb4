#include "ae/nn/regularizer.hpp"

#include "support/expect.hpp"
#include "support/gradient_check.hpp"

using ae::Matrix;

namespace {

template <class Scalar>
const Matrix<Scalar> weight = (Matrix<Scalar>(2, 2) << 1, -2, 3, 4).finished();

}  // namespace

TEST_CASE_TEMPLATE("the L2 penalty is lambda / 2 times the sum of squares", Scalar, float, double) {
  CHECK(ae::L2{0.5}.penalty(weight<Scalar>) == doctest::Approx(7.5));
}

TEST_CASE_TEMPLATE("the L2 gradient is lambda times the weight", Scalar, float, double) {
  const Matrix<Scalar> gradient = ae::L2{0.5}.gradient(weight<Scalar>);
  CHECK(gradient == Scalar(0.5) * weight<Scalar>);
}

TEST_CASE("the L2 gradient agrees with central differences of the penalty") {
  const ae::L2 l2{0.3};
  Matrix<double> changed = weight<double>;
  const Matrix<double> gradient = l2.gradient(changed);
  CHECK(gradient_error(changed, gradient, [&] { return l2.penalty(changed); }) < 1e-6);
}

TEST_CASE("by default nothing is penalised") {
  CHECK(ae::L2{}.penalty(weight<double>) == 0);
  CHECK(ae::L2{}.gradient(weight<double>).isZero(0));
}

TEST_CASE("a tile's penalty gradient is the tile of the whole") {
  const Matrix<double> whole = ae::L2{2}.gradient(weight<double>);
  const Matrix<double> tile = ae::L2{2}.gradient(weight<double>.block(1, 0, 1, 2));
  CHECK(tile == whole.block(1, 0, 1, 2));
}

#include "ae/parts/regularizer.hpp"

#include "support/expect.hpp"
#include "support/gradient_check.hpp"

using ae::Matrix;

namespace {

template <class Scalar>
const Matrix<Scalar> weight = (Matrix<Scalar>(2, 2) << 1, -2, 3, 4).finished();

double error_of(const auto& regularizer) {
  Matrix<double> changed = weight<double>;
  const Matrix<double> gradient = regularizer.gradient(changed);
  return gradient_error(changed, gradient, [&] { return regularizer.penalty(changed); });
}

void expect_range(const auto& make, const char* who) {
  for (const double wrong : {-0.1, HUGE_VAL, std::nan("")}) {
    CHECK(says(message_of<ae::OptionError>([&] { make(wrong).require_valid(); }), who,
               "a lambda of at least 0", ae::detail::text(wrong)));
  }
  CHECK_NOTHROW(make(0.0).require_valid());
  CHECK_NOTHROW(make(3.0).require_valid());
}

}  // namespace

TEST_CASE_TEMPLATE("penalties are sums over the weight", Scalar, float, double) {
  CHECK(ae::L1{0.5}.penalty(weight<Scalar>) == doctest::Approx(5));
  CHECK(ae::L2{0.5}.penalty(weight<Scalar>) == doctest::Approx(7.5));
  CHECK(ae::Elastic{.l1 = 0.1, .l2 = 0.2}.penalty(weight<Scalar>) == doctest::Approx(1 + 3));
  CHECK(ae::NoRegularizer{}.penalty(weight<Scalar>) == 0);
}

TEST_CASE_TEMPLATE("their gradients are taken entry by entry", Scalar, float, double) {
  const Matrix<Scalar> l1 = ae::L1{0.5}.gradient(weight<Scalar>);
  CHECK(l1 == (Matrix<Scalar>(2, 2) << 0.5, -0.5, 0.5, 0.5).finished());
  const Matrix<Scalar> l2 = ae::L2{0.5}.gradient(weight<Scalar>);
  CHECK(l2 == Scalar(0.5) * weight<Scalar>);
  const Matrix<Scalar> both = ae::Elastic{.l1 = 0.5, .l2 = 0.5}.gradient(weight<Scalar>);
  CHECK(both == l1 + l2);
  const Matrix<Scalar> none = ae::NoRegularizer{}.gradient(weight<Scalar>);
  CHECK((none.rows() == 2 && none.isZero(0)));
}

TEST_CASE("gradients agree with central differences of the penalty") {
  CHECK(error_of(ae::L1{0.3}) < 1e-6);
  CHECK(error_of(ae::L2{0.3}) < 1e-6);
  CHECK(error_of(ae::Elastic{0.3, 0.7}) < 1e-6);
}

TEST_CASE_TEMPLATE("by default nothing is penalised", Part, ae::L1, ae::L2, ae::Elastic) {
  CHECK(Part{}.penalty(weight<double>) == 0);
  CHECK(Part{}.gradient(weight<double>).isZero(0));
}

TEST_CASE("a weight of zero has no L1 gradient") {
  CHECK(ae::L1{2}.gradient(Matrix<double>::Zero(3, 2)).isZero(0));
}

TEST_CASE("a tile's penalty gradient is the tile of the whole") {
  const auto expect_tile = [](const auto& regularizer) {
    const Matrix<double> whole = regularizer.gradient(weight<double>);
    const Matrix<double> tile = regularizer.gradient(weight<double>.block(1, 0, 1, 2));
    CHECK(tile == whole.block(1, 0, 1, 2));
  };
  expect_tile(ae::NoRegularizer{});
  expect_tile(ae::L1{2});
  expect_tile(ae::L2{2});
  expect_tile(ae::Elastic{1, 2});
}

TEST_CASE("a lambda that is negative, infinite or not a number is refused") {
  expect_range([](double wrong) { return ae::L1{wrong}; }, "L1");
  expect_range([](double wrong) { return ae::L2{wrong}; }, "L2");
  expect_range([](double wrong) { return ae::Elastic{.l1 = wrong}; }, "Elastic, l1");
  expect_range([](double wrong) { return ae::Elastic{.l2 = wrong}; }, "Elastic, l2");
}

#include "ae/parts/activity_penalty.hpp"

#include "support/expect.hpp"
#include "support/gradient_check.hpp"

using ae::Matrix;

namespace {

template <class Penalty>
double error(const Penalty& penalty, Matrix<double> codes) {
  const Matrix<double> gradient = penalty.activity_gradient(codes);
  return gradient_error(codes, gradient, [&] { return penalty.activity_penalty(codes); });
}

}  // namespace

TEST_CASE("sparse L1 is the mean over samples of the sum over units") {
  Matrix<double> codes(2, 3);
  codes << 1, -2, 3, 0.5, 0, -0.5;
  CHECK(ae::SparseL1{0.1}.activity_penalty(codes) == doctest::Approx(0.1 * 7 / 3));
  CHECK(error(ae::SparseL1{0.1}, Matrix<double>::Random(4, 5)) < 1e-6);
}

TEST_CASE_TEMPLATE("the gradient of sparse L1 is the sign of a code, wherever it stands", Scalar,
                   float, double) {
  using Limits = std::numeric_limits<Scalar>;
  const std::pair<Scalar, Scalar> signs[] = {
      {Scalar(0), Scalar(0)},
      {-Scalar(0), Scalar(0)},
      {Scalar(1e-3), Scalar(1)},
      {-Limits::min(), Scalar(-1)},
      {Limits::max(), Scalar(1)},
      {-Limits::infinity(), -1},
      {Limits::min() / 4, 1 / Scalar(4)}};  // a subnormal number has less of a sign
  for (const ae::Index rows : {1, 3, 8, 17}) {
    for (const auto& pair : signs) {
      const auto code = pair.first, sign = pair.second;  // Clang 14 captures no bindings
      CAPTURE(code);
      const Matrix<Scalar> codes = Matrix<Scalar>::Constant(rows, 2, code);
      const Matrix<Scalar> gradient = ae::SparseL1{1}.activity_gradient(codes);
      CHECK((gradient.array() == sign / 2).all());
    }
    Matrix<Scalar> codes = Matrix<Scalar>::Ones(rows, 2);
    codes(rows - 1, 1) = Limits::quiet_NaN();
    const Matrix<Scalar> gradient = ae::SparseL1{1}.activity_gradient(codes);
    CHECK(std::isnan(gradient(rows - 1, 1)));
    CHECK(gradient.array().isNaN().count() == 1);
  }
}

TEST_CASE("sparse KL is nothing at the target, and grows as its formula") {
  const ae::SparseKl penalty{.beta = 2, .target = 0.1};
  CHECK(penalty.activity_penalty(Matrix<double>::Constant(3, 4, 0.1)) == doctest::Approx(0));
  const double kl = 0.1 * std::log(0.1 / 0.5) + 0.9 * std::log(0.9 / 0.5);
  CHECK(penalty.activity_penalty(Matrix<double>::Constant(3, 4, 0.5)) == doctest::Approx(6 * kl));
  const Matrix<double> codes = (Matrix<double>::Random(4, 5).array() + 1.2) / 2.4;
  CHECK(error(penalty, codes) < 1e-6);
}

TEST_CASE("codes that are no probabilities are named") {
  Matrix<double> codes = Matrix<double>::Constant(3, 4, 0.5);
  codes.row(1).setConstant(-0.2);
  CHECK(says(message_of<ae::OptionError>([&] { ae::SparseKl{}.activity_penalty(codes); }),
             "between 0 and 1", "-0.2", "code 1"));
}

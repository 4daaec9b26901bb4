#include "ae/tools/mahalanobis_score.hpp"

#include "support/expect.hpp"
#include "support/zero_model.hpp"

using ae::MahalanobisScore;
using ae::Matrix;
using ae::Vector;

namespace {

const double none = std::nan("");

}  // namespace

// NumPy, with scikit-learn's EmpiricalCovariance for the mean and the covariance.
TEST_CASE("mean, covariance and distances are those that NumPy and scikit-learn find") {
  const auto fitted = MahalanobisScore::fit(ZeroModel{}, few_clean, 0);
  CHECK(fitted.mean().isApprox(Vector<double>{{-1, -1.5, -0.5}}, 1e-14));
  const Matrix<double> covariance{{2, 2.7, -0.6}, {2.7, 4, -1.05}, {-0.6, -1.05, 1}};
  CHECK(fitted.covariance().isApprox(covariance, 1e-13));

  struct Expected {
    double shrinkage, first, second;
  };
  for (const auto& expected :
       {Expected{0, 0.24803712, 44.93932905}, Expected{0.1, 0.13598154, 14.0828582},
        Expected{0.5, 0.09952707, 4.95636768}, Expected{1, 0.10416667, 3.77083333}}) {
    CAPTURE(expected.shrinkage);
    const auto shrunk = MahalanobisScore::fit(ZeroModel{}, few_clean, expected.shrinkage);
    CHECK(shrunk.score(ZeroModel{}, few_others)
              .isApprox(Vector<double>{{expected.first, expected.second}}, 1e-7));
    CHECK(shrunk.covariance()(0, 1) == doctest::Approx((1 - expected.shrinkage) * 2.7));
    CHECK(shrunk.covariance()(1, 1) == doctest::Approx(4));
  }
}

TEST_CASE("a score is that of the values which are there") {
  const ZeroModel model = ZeroModel{}.with_missing();
  Matrix<double> clean(3, 7), others = few_others;
  clean << few_clean, Vector<double>{{none, 100, 100}}, Vector<double>{{50, none, none}};
  others.row(1).setConstant(none);
  const auto fitted = MahalanobisScore::fit(model, clean);
  CHECK(fitted.mean().isApprox(Vector<double>{{-1, -1.5, -0.5}}, 1e-13));
  CHECK(fitted.score(model, others).isApprox(Vector<double>{{0.14633575, 3.92179817}}, 1e-7));
}

TEST_CASE("moments of many residuals far from zero are those of the matrix") {
  Matrix<double> x = Matrix<double>::Random(3, 700);
  x.row(2) += x.row(0);
  const Matrix<double> far = x.array() + 1e6;
  const auto near_zero = MahalanobisScore::fit(ZeroModel{}, x);
  const auto fitted = MahalanobisScore::fit(ZeroModel{}, ae::detail::as_source(far));
  const Matrix<double> centred = x.colwise() - x.rowwise().mean();
  Matrix<double> covariance = centred * centred.transpose() / 700;
  CHECK(fitted.covariance().diagonal().isApprox(covariance.diagonal(), 1e-8));
  CHECK(fitted.covariance()(2, 0) == doctest::Approx(0.9 * covariance(2, 0)));
  const Vector<double> scores = fitted.score(ZeroModel{}, ae::detail::as_source(far));
  CHECK(scores.isApprox(near_zero.score(ZeroModel{}, x), 1e-7));
  CHECK(MahalanobisScore::fit(ZeroModel{}, x, 0).score(ZeroModel{}, x).mean() ==
        doctest::Approx(1));
}

TEST_CASE("residuals that lie in a plane need a shrinkage, which the default has") {
  Matrix<double> clean = few_clean;
  clean.row(2) = clean.row(0) + clean.row(1);
  CHECK(says(message_of<ae::DataError>([&] { MahalanobisScore::fit(ZeroModel{}, clean, 0); }),
             "have an inverse", "a shrinkage above 0 helps"));
  CHECK(MahalanobisScore::fit(ZeroModel{}, clean).score(ZeroModel{}, few_others).allFinite());
  clean.row(1).setConstant(5);
  const auto constant = MahalanobisScore::fit(ZeroModel{}, clean);
  CHECK(constant.score(ZeroModel{}, clean).maxCoeff() < 10);
  CHECK(constant.score(ZeroModel{}, few_others).minCoeff() > 1e5);
  const auto nothing = MahalanobisScore::fit(ZeroModel{}, Matrix<double>::Zero(3, 4));
  CHECK(nothing.score(ZeroModel{}, Matrix<double>::Zero(3, 1))[0] == 0);
  CHECK(nothing.score(ZeroModel{}, few_others)[0] > 1e90);
}

TEST_CASE("what overflows is infinitely odd, and what cannot be learnt from is refused") {
  const auto fitted = MahalanobisScore::fit(ZeroModel{}, few_clean);
  Matrix<double> x = few_others;
  x(1, 1) = 1e200;
  CHECK(fitted.score(ZeroModel{}, x)[1] == HUGE_VAL);
  x(1, 1) = 1e308;
  x(0, 1) = none;
  CHECK(fitted.score(ZeroModel{}.with_missing(), x)[1] == HUGE_VAL);
  x(0, 1) = 0;
  for (const double bad : {none, HUGE_VAL, -HUGE_VAL}) {
    x(1, 1) = bad;
    const auto refuses = [](auto&& call) {
      return says(message_of<ae::DataError>(call), "mahalanobis score: expected finite values",
                  "in sample 1, feature 1");
    };
    CHECK(refuses([&] { fitted.score(ZeroModel{}, x); }));
    CHECK(refuses([&] { MahalanobisScore::fit(ZeroModel{}, x); }));
  }
  for (const double bad : {none, -0.1, 1.1}) {
    CHECK(says(
        message_of<ae::OptionError>([&] { MahalanobisScore::fit(ZeroModel{}, few_clean, bad); }),
        "from 0 to 1", ae::detail::text("found ", bad)));
  }
  Matrix<double> clean = few_clean;
  clean.row(0).tail(4).setConstant(none);
  CHECK(says(
      message_of<ae::DataError>([&] { MahalanobisScore::fit(ZeroModel{}.with_missing(), clean); }),
      "at least 2 clean samples", "found 1"));
  CHECK(says(message_of<ae::ShapeError>([&] { fitted.score(ZeroModel{2}, few_others); }),
             "a model of 3 features", "found one of 2"));
  CHECK(says(
      message_of<ae::ShapeError>([&] { MahalanobisScore::fit(ZeroModel{}, Matrix<double>(2, 4)); }),
      "3 features", "found 2"));
}

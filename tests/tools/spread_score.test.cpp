#include "ae/tools/spread_score.hpp"

#include "support/expect.hpp"
#include "support/zero_model.hpp"

using ae::Matrix;
using ae::SpreadScore;
using ae::Vector;

namespace {

const double none = std::nan("");

}  // namespace

TEST_CASE("squared residuals are divided by their means on clean samples") {
  const auto spread = SpreadScore::fit(ZeroModel{}, few_clean);
  CHECK(spread.spreads().isApprox(Vector<double>{{3, 6.25, 1.25}}, 1e-15));
  const Vector<double> scores = spread.score(ZeroModel{}, few_others);
  CHECK(scores.isApprox(Vector<double>{{0.43111111111111111, 2.84444444444444444}}, 1e-14));
  CHECK(spread.score(ZeroModel{}, few_clean).mean() == doctest::Approx(1));
}

TEST_CASE("a source is scored as its matrix is, however many samples there are") {
  const Matrix<double> x = Matrix<double>::Random(3, 600);
  const auto spread = SpreadScore::fit(ZeroModel{}, ae::detail::as_source(x));
  CHECK(spread.spreads().isApprox(x.cwiseAbs2().rowwise().mean(), 1e-12));
  const Matrix<double> ratios = x.cwiseAbs2().array().colwise() / spread.spreads().array();
  CHECK(spread.score(ZeroModel{}, ae::detail::as_source(x))
            .isApprox(ratios.colwise().mean().transpose(), 1e-12));
}

TEST_CASE("spreads are of what is there, and so is a score") {
  const ZeroModel model = ZeroModel{}.with_missing();
  Matrix<double> clean = few_clean, others = few_others;
  clean(0, 3) = none;
  const auto spread = SpreadScore::fit(model, clean);
  CHECK(spread.spreads().isApprox(Vector<double>{{1.5, 6.25, 1.25}}, 1e-15));
  others(2, 0) = none;
  CHECK(spread.score(model, others)[0] == doctest::Approx((1 / 1.5 + 1 / 6.25) / 2));
  others.col(1).setConstant(none);
  CHECK(says(message_of<ae::DataError>([&] { spread.score(model, others); }),
             "at least one value, found none in sample 1"));
  clean.row(2).setConstant(none);
  CHECK(says(message_of<ae::DataError>([&] { SpreadScore::fit(model, clean); }),
             "none of feature 2"));
}

TEST_CASE("with a divisor for each feature, residuals are scaled ones") {
  ZeroModel model;
  model.own = {Vector<double>{{0, 0, 0}}, Vector<double>{{1, 10, 100}}};
  const Vector<double> divisors = model.own.divisors();
  CHECK(SpreadScore::fit(model, divisors.asDiagonal() * few_clean)
            .spreads()
            .isApprox(Vector<double>{{3, 6.25, 1.25}}, 1e-14));
}

TEST_CASE("what is never wrong on clean samples is very odd where it is, and no division by zero") {
  Matrix<double> clean = few_clean;
  clean.row(1).setZero();
  const auto spread = SpreadScore::fit(ZeroModel{}, clean);
  CHECK(spread.spreads()[1] * 1e6 == doctest::Approx(4.25 / 3));
  CHECK(spread.score(ZeroModel{}, few_others)[0] > 1e5);
  const auto nothing = SpreadScore::fit(ZeroModel{}, Matrix<double>::Zero(3, 4));
  CHECK(nothing.score(ZeroModel{}, Matrix<double>::Zero(3, 1))[0] == 0);
  CHECK(nothing.score(ZeroModel{}, few_others)[0] > 1e90);
}

TEST_CASE("what overflows is infinitely odd, and what cannot be learnt from is refused") {
  const auto spread = SpreadScore::fit(ZeroModel{}, few_clean);
  Matrix<double> x = few_others;
  x(1, 1) = 1e200;
  CHECK(spread.score(ZeroModel{}, x)[1] == HUGE_VAL);
  for (const double bad : {none, HUGE_VAL, -HUGE_VAL}) {
    x(1, 1) = bad;
    const auto refuses = [](auto&& call) {
      return says(message_of<ae::DataError>(call), "spread score: expected finite values",
                  "in sample 1, feature 1");
    };
    CHECK(refuses([&] { spread.score(ZeroModel{}, x); }));
    CHECK(refuses([&] { SpreadScore::fit(ZeroModel{}, x); }));
    CHECK(says(message_of<ae::OptionError>([&] {
                 SpreadScore(Vector<double>{{1, bad}});
               }),
               "spreads above 0", "feature 1"));
  }
  CHECK(says(message_of<ae::ShapeError>([&] { spread.score(ZeroModel{2}, few_others); }),
             "a model of 3 features", "found one of 2"));
  CHECK(says(message_of<ae::ShapeError>([&] { spread.score(ZeroModel{}, Matrix<double>(2, 4)); }),
             "3 features", "found 2"));
  CHECK(
      says(message_of<ae::ShapeError>([] { SpreadScore::fit(ZeroModel{}, Matrix<double>(3, 0)); }),
           "at least one sample"));
}

#include "ae/tools/anomaly.hpp"

#include "ae/autoencoder.hpp"
#include "support/expect.hpp"

using ae::Matrix;

namespace {

/// Gives back everything as zero, so that a sample's score is its mean square.
struct Zero {
  using Scalar = double;
  ae::Index features() const { return 2; }
  Matrix<double> reconstruct(const Matrix<double>& x) const { return 0 * x; }
  std::optional<double> threshold() const { return level; }
  void set_threshold(double found) { level = found; }
  std::optional<double> level;
};

}  // namespace

TEST_CASE("a score is the mean of the squared errors of a sample's features") {
  Matrix<double> x(2, 3);
  x << 1, 2, 0, 3, 0, 0;
  CHECK(ae::feature_errors(Zero{}, x) == x.cwiseAbs2());
  CHECK(ae::score(Zero{}, x) == ae::Vector<double>{{5, 2, 0}});
}

TEST_CASE("the scores of a source are those of its matrix, however many samples there are") {
  const Matrix<double> x = Matrix<double>::Random(2, 600);
  const ae::Vector<double> scores = ae::score(Zero{}, x);
  REQUIRE(scores.size() == 600);
  CHECK(scores.isApprox(x.colwise().squaredNorm().transpose() / 2, 1e-14));
  CHECK(ae::score(Zero{}, ae::detail::as_source(x)) == scores);
  Zero model;
  model.set_threshold(ae::quantile(scores, 0.5));
  CHECK(ae::anomalies(model, ae::detail::as_source(x)).count() == 300);
  CHECK(says(message_of<ae::ShapeError>([] { ae::score(Zero{}, Matrix<double>(3, 5)); }), "score",
             "2 features", "found 3"));
  CHECK(says(message_of<ae::ShapeError>([] { ae::score(Zero{}, Matrix<double>(2, 0)); }),
             "at least one sample"));
}

TEST_CASE("a calibrated model takes its share of clean samples for anomalies") {
  const Matrix<double> clean = Matrix<double>::Random(2, 1000);
  Zero model;
  CHECK(says(message_of<ae::OptionError>([&] { ae::anomalies(model, clean); }), "calibrate"));
  const double threshold = ae::calibrate(model, clean, 0.95);
  CHECK(threshold == *model.threshold());
  CHECK(ae::anomalies(model, clean).count() == 50);
}

TEST_CASE("an autoencoder tells samples off its manifold, and learns on from a stream") {
  const Matrix<float> basis = Matrix<float>::Random(10, 2);
  const Matrix<float> x = basis * Matrix<float>::Random(2, 400);
  ae::StackedAutoencoder model({10, 8, 2}, 1);
  model.set_scaler(ae::Scaler<float>::fit(x));
  model.fit(x.leftCols(300), {.epochs = 100, .batch_size = 50, .learning_rate = 5e-3});
  ae::calibrate(model, x.rightCols(100), 0.98);
  CHECK(ae::anomalies(model, Matrix<float>::Random(10, 50)).count() > 40);

  const Matrix<float> moved = x.array() + 0.3f;
  const double first = model.partial_fit(moved.leftCols(50), 1e-3);
  for (int i = 0; i < 200; ++i) model.partial_fit(moved.middleCols(50, 50), 1e-3);
  CHECK(model.partial_fit(moved.leftCols(50), 1e-3) < first / 2);
}

TEST_CASE("values that are not finite are refused wherever a score is made of them") {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), HUGE_VAL, -HUGE_VAL}) {
    CAPTURE(bad);
    Matrix<double> x = Matrix<double>::Random(2, 600);
    x(1, 500) = bad;
    Zero model;
    model.set_threshold(1);
    const auto refuses = [](auto&& call) {
      return says(message_of<ae::DataError>(call), "expected finite values, found",
                  "in sample 500, feature 1");
    };
    CHECK(refuses([&] { ae::score(model, x); }));
    CHECK(refuses([&] { ae::feature_errors(model, x); }));
    CHECK(refuses([&] { ae::anomalies(model, x); }));
    CHECK(refuses([&] { ae::calibrate(model, x); }));
    CHECK(model.threshold() == 1);
  }
}

TEST_CASE("with a divisor for each feature, errors count in scaled units") {
  ae::StackedAutoencoder<double> model({4, 3, 2});
  const Matrix<double> x = Matrix<double>::Random(4, 50);
  const Matrix<double> divisors = Matrix<double>{{1}, {10}, {1e-3}, {1e3}};
  ae::StackedAutoencoder<double> other = model;
  other.set_scaler({ae::Vector<double>::Constant(4, 7), ae::Vector<double>(divisors.col(0))});
  const Matrix<double> large = (divisors.asDiagonal() * x).array() + 7;
  CHECK(ae::score(other, large).isApprox(ae::score(model, x), 1e-9));
  CHECK(ae::feature_errors(other, large).isApprox(ae::feature_errors(model, x), 1e-9));
  CHECK(other.evaluate(large) == doctest::Approx(model.evaluate(x)));
}

TEST_CASE("a score is the mean over what is there") {
  Matrix<double> x = Matrix<double>::Random(4, 600);
  ae::StackedAutoencoder<double> model({4, 3, 2});
  model.set_scaler(ae::Scaler<double>::fit(x, ae::Scaling::standard, ae::Missing::allowed));
  const double nan = std::nan("");
  x(2, 300) = nan;
  x(0, 300) = nan;
  Matrix<double> filled = x;
  filled(2, 300) = model.scaler().center()[2];
  filled(0, 300) = model.scaler().center()[0];
  const Matrix<double> errors = ae::feature_errors(model, filled);
  CHECK(ae::score(model, x)[300] == doctest::Approx((errors(1, 300) + errors(3, 300)) / 2));
  CHECK(ae::feature_errors(model, x)(2, 300) == 0);
  CHECK(ae::score(model, x).head(300) == ae::score(model, filled).head(300));
  const Matrix<double> all = ae::feature_errors(model, filled);
  CHECK(model.evaluate(x) ==
        doctest::Approx((all.sum() - all(2, 300) - all(0, 300)) / (4 * 600 - 2)));
  x.col(300).setConstant(nan);
  CHECK(says(message_of<ae::DataError>([&] { ae::score(model, x); }),
             "at least one value, found none in sample 300"));
  CHECK(says(message_of<ae::DataError>([&] { model.fit(x, {.epochs = 1}); }),
             "at least one value, found none in sample 300"));
}

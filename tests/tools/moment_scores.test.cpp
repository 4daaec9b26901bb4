#include "ae/tools/moment_scores.hpp"

#include "ae/autoencoder.hpp"
#include "ae/tools/anomaly.hpp"
#include "support/expect.hpp"
#include "support/zero_model.hpp"

using ae::Index;
using ae::Matrix;
using ae::Vector;
using ae::Windows;

namespace {

/// Expects its k-th value to be k, so that a moment's error depends on its place in the window.
struct Counting : ZeroModel {
  Matrix<double> reconstruct(const Matrix<double>& x) const {
    return Vector<double>::LinSpaced(width, 0, static_cast<double>(width) - 1)
        .replicate(1, x.cols());
  }
};

/// Two waves, and a moment at which they part.
Matrix<float> waves(Index moments, Index odd) {
  Matrix<float> series(2, moments);
  for (Index t = 0; t < moments; ++t) {
    series(0, t) = std::sin(0.3f * static_cast<float>(t));
    series(1, t) = std::cos(0.3f * static_cast<float>(t));
  }
  if (odd >= 0) series.col(odd).array() += 1;
  return series;
}

}  // namespace

TEST_CASE("a moment's score is the mean of its errors in the windows that cover it") {
  const Matrix<double> series{{1, 2, 0, 3, 5}, {0, 1, 1, 0, 7}};
  const Windows windows(series, {.length = 2});
  // Expected of the first moment of a window is (0, 1), of the second (2, 3).
  const Vector<double> scores = ae::moment_scores(Counting{4}, windows);
  const auto mean_square = [](double a, double b) { return (a * a + b * b) / 2; };
  CHECK(scores[0] == mean_square(1, 1));
  CHECK(scores[1] == (mean_square(2, 0) + mean_square(0, 2)) / 2);
  CHECK(scores[2] == (mean_square(0, 0) + mean_square(2, 2)) / 2);
  CHECK(scores[3] == (mean_square(3, 1) + mean_square(1, 3)) / 2);
  CHECK(scores[4] == mean_square(3, 4));
}

TEST_CASE("moments that no window covers, and those of which nothing is there, have no score") {
  const double none = std::nan("");
  Matrix<double> series{{1, 2, none, 3, 5}, {none, 1, none, 0, 7}};
  const Windows windows(series, {.length = 2, .stride = 2});
  const Vector<double> scores = ae::moment_scores(ZeroModel{4}.with_missing(), windows);
  CHECK(scores.head(2) == Vector<double>{{1, 2.5}});
  CHECK(std::isnan(scores[2]));
  CHECK(scores[3] == 4.5);
  CHECK(std::isnan(scores[4]));
  CHECK(says(message_of<ae::DataError>([&] { ae::moment_scores(ZeroModel{4}, windows); }),
             "moment scores: expected finite values, found nan in sample 0, feature 1"));
  CHECK(says(message_of<ae::ShapeError>([&] { ae::moment_scores(ZeroModel{3}, windows); }),
             "3 features", "found 4"));
}

TEST_CASE("an autoencoder learns windows of a series, and finds the moment that is odd") {
  const Matrix<float> clean = waves(400, -1), other = waves(200, 120);
  ae::StackedAutoencoder model({16, 8, 3}, 1);
  const Windows windows(clean, {.length = 8});
  model.fit(windows, {.epochs = 30, .batch_size = 32, .learning_rate = 5e-3});
  CHECK(model.evaluate(windows) == doctest::Approx(model.evaluate(windows.matrix())));
  const Windows found(other, {.length = 8});
  const Vector<double> scores = ae::score(model, found);
  CHECK(scores == ae::score(model, found.matrix()));
  Index worst = 0;
  ae::moment_scores(model, found).maxCoeff(&worst);
  CHECK(worst == 120);
  found.moment_means(scores).maxCoeff(&worst);
  CHECK(std::abs(worst - 120) < 8);
}

#include "ae/models/mixture.hpp"

#include <Eigen/LU>
#include <limits>

#include "support/expect.hpp"

using ae::GaussianMixture;
using ae::Index;
using ae::Matrix;
using ae::Vector;

namespace {

/// Standard normal numbers.
Matrix<double> noise(Index rows, Index cols, std::uint64_t seed) {
  const ae::Random random(seed, ae::Purpose::draw, 7);
  return Matrix<double>::NullaryExpr(rows, cols, [&](Index row, Index col) {
    return random.normal(static_cast<std::uint64_t>(row + rows * col));
  });
}

const Matrix<double> mix = (Matrix<double>(3, 3) << 2, 0, 0, 1, 1, 0, -0.5, 0.3, 0.2).finished();

/// Of covariance mix mix^T around (1, -2, 3).
Matrix<double> one_cluster(Index samples) {
  return (mix * noise(3, samples, 1)).colwise() + Vector<double>{{1, -2, 3}};
}

/// A quarter of deviation 0.5 around (10, 0), the rest of deviation 1 around (-10, 5).
Matrix<double> two_clusters(Index samples) {
  Matrix<double> x = noise(2, samples, 2);
  for (Index i = 0; i < samples; ++i) {
    x.col(i) = i % 4 == 0 ? Vector<double>(0.5 * x.col(i) + Vector<double>{{10, 0}})
                          : Vector<double>(x.col(i) + Vector<double>{{-10, 5}});
  }
  return x;
}

/// Clusters that overlap, so that EM has something to do.
Matrix<double> overlapping(Index samples) {
  Matrix<double> x = noise(4, samples, 3);
  for (Index i = 0; i < samples; ++i) {
    x(i % 3, i) += 2.5;
    x(3, i) *= 0.1 * static_cast<double>(i % 3 + 1);
  }
  return x;
}

Matrix<double> covariance(const Matrix<double>& x) {
  const Matrix<double> centred = x.colwise() - x.rowwise().mean();
  return centred * centred.transpose() / static_cast<double>(x.cols());
}

double distance(const Matrix<double>& a, const Matrix<double>& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("one component is the mean and the covariance of the codes") {
  const Matrix<double> x = one_cluster(500);
  const auto mixture = GaussianMixture<double>::fit(x);
  CHECK(mixture.components() == 1);
  CHECK(mixture.code_size() == 3);
  CHECK(mixture.weights()[0] == 1);
  CHECK(distance(mixture.component(0).mean, x.rowwise().mean()) < 1e-13);
  CHECK(distance(mixture.component(0).covariance(), covariance(x)) < 1e-12);
  CHECK(mixture.history().size() == 2);
}

TEST_CASE("the log-likelihood of one component is the formula of the normal density") {
  const Matrix<double> x = one_cluster(200), c = covariance(x);
  const Vector<double> found = GaussianMixture<double>::fit(x).log_likelihood(x);
  const Matrix<double> precision = c.inverse();
  for (Index i = 0; i < 5; ++i) {
    const Vector<double> from_mean = x.col(i) - x.rowwise().mean();
    const double expected = -0.5 * (3 * std::log(2 * std::numbers::pi) + std::log(c.determinant()) +
                                    from_mean.dot(precision * from_mean));
    CHECK(found[i] == doctest::Approx(expected).epsilon(1e-10));
  }
}

TEST_CASE("the density of a mixture has the integral 1") {
  const auto mixture = GaussianMixture<double>::fit(Matrix<double>(overlapping(300).topRows(1)),
                                                    {.components = 3, .seed = 1});
  const Index points = 4000;
  const Matrix<double> grid = Vector<double>::LinSpaced(points, -20, 20).transpose();
  const double step = grid(1) - grid(0);
  CHECK(mixture.log_likelihood(grid).array().exp().sum() * step ==
        doctest::Approx(1).epsilon(1e-9));
}

TEST_CASE("two clusters far apart are found") {
  for (const std::uint64_t seed : {0u, 1u, 2u, 3u}) {
    const Matrix<double> x = two_clusters(4000);
    const auto mixture = GaussianMixture<double>::fit(x, {.components = 2, .seed = seed});
    const Index right = mixture.component(0).mean[0] > 0 ? 0 : 1;
    CHECK(mixture.weights()[right] == doctest::Approx(0.25).epsilon(1e-6));
    CHECK(distance(mixture.component(right).mean, Vector<double>{{10, 0}}) < 0.06);
    CHECK(distance(mixture.component(1 - right).mean, Vector<double>{{-10, 5}}) < 0.08);
    CHECK(distance(mixture.component(right).covariance(), 0.25 * Matrix<double>::Identity(2, 2)) <
          0.05);
    CHECK(distance(mixture.component(1 - right).covariance(), Matrix<double>::Identity(2, 2)) <
          0.12);
  }
}

TEST_CASE("no iteration lowers the likelihood, with a floor that is met too") {
  for (const Index components : {1, 2, 3, 8}) {
    for (const double floor : {1e-6, 0.3}) {
      const auto mixture = GaussianMixture<double>::fit(
          overlapping(300), {.components = components, .tolerance = 0, .floor = floor});
      const std::vector<double>& history = mixture.history();
      CAPTURE(components);
      for (std::size_t i = 1; i < history.size(); ++i) CHECK(history[i] > history[i - 1] - 1e-11);
      CHECK(mixture.log_likelihood(overlapping(300)).mean() > history.back() - 1e-11);
    }
  }
}

TEST_CASE("fitting ends at the tolerance, or after so many iterations") {
  const Matrix<double> x = overlapping(300);
  const auto rest = GaussianMixture<double>::fit(x, {.components = 3, .tolerance = 1e-4}).history();
  CHECK(rest.size() > 3);
  CHECK(rest.size() < 200);
  CHECK(rest.back() - rest[rest.size() - 2] < 1e-4);
  CHECK(rest[rest.size() - 2] - rest[rest.size() - 3] >= 1e-4);
  CHECK(GaussianMixture<double>::fit(x, {.components = 3, .iterations = 2}).history().size() == 2);
}

TEST_CASE("more components are more likely, and the truth is more likely on new codes") {
  const Matrix<double> x = overlapping(600), other = overlapping(1200).rightCols(600);
  const auto one = GaussianMixture<double>::fit(x);
  const auto three = GaussianMixture<double>::fit(x, {.components = 3});
  CHECK(three.log_likelihood(x).mean() > one.log_likelihood(x).mean() + 0.1);
  CHECK(three.log_likelihood(other).mean() > one.log_likelihood(other).mean() + 0.1);
}

TEST_CASE("samples have the moments of the mixture") {
  constexpr Index n = 40'000;
  const auto one = GaussianMixture<double>::fit(one_cluster(500));
  const Matrix<double> x = one.sample(n, 5);
  const double error = 5 / std::sqrt(static_cast<double>(n));
  CHECK(distance(x.rowwise().mean(), one.component(0).mean) < 2 * error);
  CHECK(distance(covariance(x), one.component(0).covariance()) < 6 * error);

  const auto two = GaussianMixture<double>::fit(two_clusters(2000), {.components = 2});
  const Matrix<double> y = two.sample(n, 6);
  const Index right = two.component(0).mean[0] > 0 ? 0 : 1;
  CHECK(std::abs((y.row(0).array() > 0).cast<double>().mean() - two.weights()[right]) < error);
  CHECK(distance(y.rowwise().mean(), two.weights()[0] * two.component(0).mean +
                                         two.weights()[1] * two.component(1).mean) < 10 * error);
}

TEST_CASE("samples are about as likely as the codes, and far more than codes from elsewhere") {
  const Matrix<double> x = overlapping(3000);
  const auto mixture = GaussianMixture<double>::fit(x, {.components = 3});
  const double likelihood = mixture.log_likelihood(x).mean();
  CHECK(std::abs(mixture.log_likelihood(mixture.sample(3000, 1)).mean() - likelihood) < 0.15);
  CHECK(mixture.log_likelihood(mixture.sample(3000).array() + 5).mean() < likelihood - 10);
}

TEST_CASE_TEMPLATE("the same seed gives the same fit and the same samples", Scalar, float, double) {
  const Matrix<Scalar> x = overlapping(300).cast<Scalar>();
  const auto fitted = [&](std::uint64_t seed) {
    return GaussianMixture<Scalar>::fit(x, {.components = 3, .seed = seed, .iterations = 3});
  };
  CHECK(fitted(4).component(1).mean == fitted(4).component(1).mean);
  CHECK(fitted(4).component(1).mean != fitted(5).component(1).mean);
  const auto mixture = fitted(4);
  CHECK(mixture.sample(20, 1) == mixture.sample(50, 1).leftCols(20));
  CHECK(mixture.sample(20, 1) != mixture.sample(20, 2));
  CHECK(mixture.sample(0).cols() == 0);
  CHECK(mixture.sample(0).rows() == 4);
}

TEST_CASE("codes in float are fitted in double") {
  const Matrix<float> x = one_cluster(300).cast<float>();
  const auto mixture = GaussianMixture<float>::fit(x);
  CHECK(distance(mixture.component(0).covariance(), covariance(x.cast<double>())) < 1e-12);
}

TEST_CASE("no direction has less variance than the floor") {
  Matrix<double> x = two_clusters(100);
  x.row(1).setConstant(3);  // a unit of the code that is dead
  const auto mixture = GaussianMixture<double>::fit(x, {.floor = 1e-4});
  const double mean_variance = covariance(x).trace() / 2;
  CHECK(mixture.component(0).covariance()(1, 1) == doctest::Approx(1e-4 * mean_variance));
  CHECK(mixture.component(0).covariance()(0, 0) == doctest::Approx(2 * mean_variance));
  CHECK(mixture.log_likelihood(x).allFinite());
}

TEST_CASE("more components than different codes are no trouble") {
  const Matrix<double> x = one_cluster(2).replicate(1, 10);
  const auto mixture = GaussianMixture<double>::fit(x, {.components = 5});
  CHECK(mixture.log_likelihood(x).allFinite());
  CHECK(mixture.sample(100).allFinite());
}

TEST_CASE("codes far from every component have a likelihood still") {
  const auto mixture = GaussianMixture<double>::fit(two_clusters(100), {.components = 2});
  const double far = mixture.log_likelihood(Vector<double>{{1e6, 1e6}})[0];
  CHECK(std::isfinite(far));
  CHECK(far < -1e9);
}

TEST_CASE("too few codes for the components are refused") {
  CHECK(says(message_of<ae::ShapeError>(
                 [] { GaussianMixture<double>::fit(one_cluster(5), {.components = 3}); }),
             "at least 6 samples for 3 components", "3 x 5"));
  CHECK(says(message_of<ae::ShapeError>([] { GaussianMixture<float>::fit(Matrix<float>(0, 9)); }),
             "0 x 9"));
}

TEST_CASE("codes that are not finite are refused, with their place") {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Matrix<double> x = one_cluster(20);
    x(2, 13) = bad;
    CHECK(says(message_of<ae::OptionError>([&] { GaussianMixture<double>::fit(x); }),
               ae::detail::text("found ", bad), "row 2", "column 13"));
  }
}

TEST_CASE("codes that are all the same have no density") {
  const Matrix<float> x = Matrix<float>::Constant(3, 20, 0.1f);
  CHECK(says(message_of<ae::OptionError>([&] { GaussianMixture<>::fit(x); }), "differ"));
}

TEST_CASE("options out of their range are refused") {
  const auto refused = [](const ae::MixtureOptions& options) {
    return message_of<ae::OptionError>(
        [&] { GaussianMixture<double>::fit(one_cluster(20), options); });
  };
  CHECK(says(refused({.components = 0}), "at least one component", "found 0"));
  CHECK(says(refused({.iterations = 0}), "iteration", "found 0"));
  CHECK(says(refused({.tolerance = -1}), "tolerance", "found -1"));
  CHECK(says(refused({.floor = 0}), "floor", "found 0"));
  CHECK(says(refused({.floor = 1.5}), "floor", "found 1.5"));
  CHECK(says(refused({.floor = std::numeric_limits<double>::quiet_NaN()}), "floor", "found nan"));
}

TEST_CASE("what does not fit a mixture is refused") {
  const auto mixture = GaussianMixture<double>::fit(one_cluster(20));
  CHECK(says(message_of<ae::ShapeError>([&] { mixture.log_likelihood(Matrix<double>(2, 4)); }),
             "columns of 3 values", "2 x 4"));
  CHECK(says(message_of<ae::OptionError>([&] { (void)mixture.sample(-1); }), "found -1"));
  CHECK(says(message_of<ae::ShapeError>([&] { (void)mixture.component(1).mean; }), "from 0 to 0",
             "found 1"));
}

#include "ae/data/scaler.hpp"

#include <cmath>
#include <limits>

#include "ae/data/cifar.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::Scaler;
using ae::Vector;

namespace {

/// Two features of means 2 and 10; their squared deviations are on average 1 and 17.
template <class Scalar>
Matrix<Scalar> data() {
  return (Matrix<Scalar>(2, 4) << 1, 3, 1, 3, 5, 15, 7, 13).finished();
}

template <class Scalar>
Matrix<Scalar> random(Index features, Index samples) {
  const ae::Random source(1, ae::Purpose::draw);
  return Matrix<Scalar>::NullaryExpr(features, samples, [&](Index row, Index col) {
    return static_cast<Scalar>(static_cast<double>(row) +
                               5 * source.normal(static_cast<std::uint64_t>(row + features * col)));
  });
}

template <class Scalar>
Matrix<Scalar> scaled(const Scaler<Scalar>& scaler, Matrix<Scalar> x) {
  scaler.scale(x);
  return x;
}

template <class Scalar>
Matrix<Scalar> unscaled(const Scaler<Scalar>& scaler, Matrix<Scalar> x) {
  scaler.unscale(x);
  return x;
}

}  // namespace

TEST_CASE_TEMPLATE("a scaler has a mean for every feature and one scale for all", Scalar, float,
                   double) {
  const auto scaler = Scaler<Scalar>::fit(data<Scalar>());
  CHECK(scaler.center() == (Vector<Scalar>(2) << 2, 10).finished());
  CHECK(scaler.unit() == doctest::Approx(3));
  CHECK_FALSE(scaler.is_identity());
}

TEST_CASE("scaled data are centred and divided by the scale") {
  const Matrix<double> x = scaled(Scaler<double>::fit(data<double>()), data<double>());
  CHECK(x(0, 0) == doctest::Approx(-1.0 / 3));
  CHECK(x(1, 1) == doctest::Approx(5.0 / 3));
}

TEST_CASE("more samples than a chunk are all counted") {
  const Matrix<double> x = random<double>(3, 600);
  const Matrix<double> y = scaled(Scaler<double>::fit(x), x);
  CHECK(y.rowwise().mean().cwiseAbs().maxCoeff() < 1e-14);
  CHECK(y.array().square().mean() == doctest::Approx(1));
}

TEST_CASE_TEMPLATE("what is scaled comes back unscaled", Scalar, float, double) {
  const Matrix<Scalar> x = random<Scalar>(5, 20);
  const auto scaler = Scaler<Scalar>::fit(x);
  const Scalar precision = 10 * std::numeric_limits<Scalar>::epsilon();
  CHECK(unscaled(scaler, scaled(scaler, x)).isApprox(x, precision));
}

TEST_CASE("a scaler changes a block in place") {
  Matrix<double> x = data<double>();
  Scaler<double>::fit(x).scale(x.leftCols(1));
  CHECK(x(0, 0) == doctest::Approx(-1.0 / 3));
  CHECK(x.rightCols(3) == data<double>().rightCols(3));
}

TEST_CASE("by default a scaler changes nothing") {
  const Scaler<float> scaler;
  CHECK(scaler.is_identity());
  CHECK(scaler.unit() == 1);
  CHECK(scaled(scaler, data<float>()) == data<float>());
  CHECK(unscaled(scaler, data<float>()) == data<float>());
}

TEST_CASE_TEMPLATE("constant data are centred and keep the scale 1", Scalar, float, double) {
  for (const Index samples : {1, 3, 600}) {
    CAPTURE(samples);
    const Matrix<Scalar> x = Matrix<Scalar>::Constant(2, samples, Scalar(0.1));
    const auto scaler = Scaler<Scalar>::fit(x);
    CHECK(scaler.unit() == 1);
    CHECK(scaled(scaler, x).cwiseAbs().maxCoeff() < 1e-6);
  }
}

TEST_CASE("large means take nothing from the scale") {
  const Matrix<double> x = random<double>(3, 600).array() + 1e8;
  CHECK(Scaler<double>::fit(x).unit() ==
        doctest::Approx(Scaler<double>::fit(random<double>(3, 600)).unit()).epsilon(1e-6));
}

TEST_CASE("a scaler is fitted on a source of bytes") {
  std::vector<std::uint8_t> bytes(2 * (1 + ae::Pictures::colour_values), 10);
  std::fill(bytes.begin() + 1 + ae::Pictures::colour_values, bytes.end(), std::uint8_t{30});
  const auto scaler = Scaler<float>::fit(ae::Pictures(bytes, 1));
  CHECK(scaler.center() == Vector<float>::Constant(ae::Pictures::colour_values, 20));
  CHECK(scaler.unit() == 10);
}

TEST_CASE("no samples have no scale") {
  CHECK(says(message_of<ae::ShapeError>([] { Scaler<float>::fit(Matrix<float>(3, 0)); }), "scaler",
             "at least one sample"));
}

TEST_CASE("data that are not finite have no scale") {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Matrix<double> x = data<double>();
    x(1, 2) = bad;
    CHECK(says(message_of<ae::DataError>([&] { Scaler<double>::fit(x); }),
               ae::detail::text("expected finite values, found ", bad, " in sample 2, feature 1")));
  }
}

TEST_CASE("a scale that is not above 0 is refused") {
  const Vector<float> mean = Vector<float>::Zero(2);
  for (const float scale : {0.0f, -1.0f, std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN()}) {
    CHECK(says(message_of<ae::OptionError>([&] { Scaler<float>(mean, scale); }),
               "expected divisors above 0", ae::detail::text("found ", scale)));
  }
}

TEST_CASE("a center without a row is refused") {
  CHECK(says(message_of<ae::ShapeError>([] { Scaler<float>(Vector<float>(0), 2); }), "center"));
}

TEST_CASE_TEMPLATE("every feature has a divisor of its own if asked", Scalar, float, double) {
  const Matrix<Scalar> x = (Matrix<Scalar>(2, 5) << 1, 2, 3, 4, 10, 50, 40, 30, 20, 10).finished();
  const auto center = [&](ae::Scaling how, Index i) {
    return Scaler<Scalar>::fit(x, how).center()[i];
  };
  const auto divisor = [&](ae::Scaling how, Index i) {
    return Scaler<Scalar>::fit(x, how).divisors()[i];
  };
  CHECK(center(ae::Scaling::standard, 0) == 4);
  CHECK(divisor(ae::Scaling::standard, 0) == doctest::Approx(std::sqrt(10.0)));
  CHECK(divisor(ae::Scaling::standard, 1) == doctest::Approx(std::sqrt(200.0)));
  CHECK(center(ae::Scaling::robust, 0) == 3);
  CHECK(divisor(ae::Scaling::robust, 0) == doctest::Approx(2 / 1.349));
  CHECK(divisor(ae::Scaling::robust, 1) == doctest::Approx(20 / 1.349));
  CHECK(center(ae::Scaling::min_max, 0) == 5.5);
  CHECK(divisor(ae::Scaling::min_max, 0) == 4.5);
  const auto scaler = Scaler<Scalar>::fit(x, ae::Scaling::min_max);
  CHECK(scaler.is_per_feature());
  CHECK(scaler.unit() == 1);
  CHECK(scaled(scaler, x).rowwise().minCoeff().isConstant(-1));
  CHECK(scaled(scaler, x).rowwise().maxCoeff().isConstant(1));
  CHECK(unscaled(scaler, scaled(scaler, x)).isApprox(x));
}

TEST_CASE("quartiles that meet leave the standard deviation") {
  Matrix<float> x = Matrix<float>::Zero(1, 100);
  x(0, 7) = 10;
  const auto scaler = Scaler<float>::fit(x, ae::Scaling::robust);
  CHECK(scaler.center()[0] == 0);
  CHECK(scaler.divisors()[0] == doctest::Approx(std::sqrt(0.99)));
}

TEST_CASE("what departs from a constant feature counts") {
  for (const auto how : {ae::Scaling::standard, ae::Scaling::robust, ae::Scaling::min_max}) {
    for (const float constant : {0.0f, 0.1f, -3e-6f, 1e9f}) {
      CAPTURE(constant);
      const auto scaler = Scaler<float>::fit(Matrix<float>::Constant(1, 700, constant), how);
      const Matrix<float> same = Matrix<float>::Constant(1, 1, constant);
      const Matrix<float> other = Matrix<float>::Constant(1, 1, constant == 0 ? 1 : 2 * constant);
      CHECK(std::abs(scaled(scaler, same)(0)) < 1e-3f);
      CHECK(std::abs(scaled(scaler, other)(0)) == doctest::Approx(100));
    }
  }
}

TEST_CASE("missing values count for nothing, and enter as the center") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Matrix<float> x = (Matrix<float>(2, 4) << 1, nan, 3, 5, nan, 20, 40, nan).finished();
  for (const auto how : {ae::Scaling::common, ae::Scaling::standard, ae::Scaling::robust}) {
    const auto scaler = Scaler<float>::fit(x, how, ae::Missing::allowed);
    CHECK(scaler.center()[0] == 3);
    CHECK(scaler.center()[1] == 30);
    const Matrix<float> y = scaled(scaler, x);
    CHECK(y.allFinite());
    CHECK(y(0, 1) == 0);
    CHECK(y(1, 3) == 0);
  }
  CHECK(Scaler<float>::fit(x, ae::Scaling::standard, ae::Missing::allowed).divisors()[1] == 10);
  CHECK(says(message_of<ae::DataError>([&] { Scaler<float>::fit(x); }),
             "found nan in sample 0, feature 1"));
  ae::Scaler<float> none;
  none.set_missing(ae::Missing::allowed);
  CHECK(scaled(none, x) == (Matrix<float>(2, 4) << 1, 0, 3, 5, 0, 20, 40, 0).finished());
}

TEST_CASE("doubles of a large offset lose nothing on the way to floats") {
  const Matrix<double> x = random<double>(2, 600).array() + 1.6e9;
  const auto scaler = Scaler<float>::fit(x, ae::Scaling::standard);
  const Matrix<double> small = random<double>(2, 600);
  const auto expected = Scaler<double>::fit(small, ae::Scaling::standard);
  CHECK(scaler.divisors().cast<double>().isApprox(expected.divisors(), 1e-6));
  const Matrix<double> z = scaler.scaled(x).cast<double>();
  // The center is a float, up to 64 away from the mean: a shift, which costs no resolution.
  const Matrix<double> shifted = z.colwise() - z.rowwise().mean();
  const Matrix<double> all = scaled(expected, small);
  CHECK(shifted.isApprox(all.colwise() - all.rowwise().mean(), 1e-5));
}

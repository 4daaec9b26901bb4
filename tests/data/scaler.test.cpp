#include "ae/data/scaler.hpp"

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
  CHECK(scaler.mean() == (Vector<Scalar>(2) << 2, 10).finished());
  CHECK(scaler.scale() == doctest::Approx(3));
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
  CHECK(scaler.scale() == 1);
  CHECK(scaled(scaler, data<float>()) == data<float>());
  CHECK(unscaled(scaler, data<float>()) == data<float>());
}

TEST_CASE_TEMPLATE("constant data are centred and keep the scale 1", Scalar, float, double) {
  for (const Index samples : {1, 3, 600}) {
    CAPTURE(samples);
    const Matrix<Scalar> x = Matrix<Scalar>::Constant(2, samples, Scalar(0.1));
    const auto scaler = Scaler<Scalar>::fit(x);
    CHECK(scaler.scale() == 1);
    CHECK(scaled(scaler, x).cwiseAbs().maxCoeff() < 1e-6);
  }
}

TEST_CASE("large means take nothing from the scale") {
  const Matrix<double> x = random<double>(3, 600).array() + 1e8;
  CHECK(Scaler<double>::fit(x).scale() ==
        doctest::Approx(Scaler<double>::fit(random<double>(3, 600)).scale()).epsilon(1e-6));
}

TEST_CASE("a scaler is fitted on a source of bytes") {
  std::vector<std::uint8_t> bytes(2 * (1 + ae::Pictures::planes), 10);
  std::fill(bytes.begin() + 1 + ae::Pictures::planes, bytes.end(), std::uint8_t{30});
  const auto scaler = Scaler<float>::fit(ae::Pictures(bytes, 1));
  CHECK(scaler.mean() == Vector<float>::Constant(ae::Pictures::planes, 20));
  CHECK(scaler.scale() == 10);
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
    CHECK(says(message_of<ae::OptionError>([&] { Scaler<double>::fit(x); }), "not finite"));
  }
}

TEST_CASE("a scale that is not above 0 is refused") {
  const Vector<float> mean = Vector<float>::Zero(2);
  for (const float scale : {0.0f, -1.0f, std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN()}) {
    CHECK(says(message_of<ae::OptionError>([&] { Scaler<float>(mean, scale); }),
               "expected a scale above 0", ae::detail::text("found ", scale)));
  }
}

TEST_CASE("a mean without a row is refused") {
  CHECK(says(message_of<ae::ShapeError>([] { Scaler<float>(Vector<float>(0), 2); }), "mean"));
}

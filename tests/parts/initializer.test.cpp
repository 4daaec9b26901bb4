#include "ae/parts/initializer.hpp"

#include "support/expect.hpp"

using ae::Matrix;

namespace {

template <class Scalar, class Init>
Matrix<Scalar> drawn(const Init& init, std::uint64_t seed = 1, ae::Index rows = 200,
                     ae::Index cols = 300) {
  Matrix<Scalar> weight(rows, cols);
  init(weight, ae::Random(seed, ae::Purpose::initialise));
  return weight;
}

double variance(const Matrix<double>& weight) {
  return weight.squaredNorm() / static_cast<double>(weight.size());
}

/// Five standard errors of a mean of this variance.
double tolerance(double of_one, const Matrix<double>& weight) {
  return 5 * std::sqrt(of_one / static_cast<double>(weight.size()));
}

/// The variance that weights of 200 x 300 should have.
template <class Init>
constexpr double expected = 0;
template <>
constexpr double expected<ae::XavierUniform> = 2.0 / 500;
template <>
constexpr double expected<ae::XavierNormal> = 2.0 / 500;
template <>
constexpr double expected<ae::HeUniform> = 2.0 / 300;
template <>
constexpr double expected<ae::HeNormal> = 2.0 / 300;
template <>
constexpr double expected<ae::LeCunUniform> = 1.0 / 300;
template <>
constexpr double expected<ae::LeCunNormal> = 1.0 / 300;

}  // namespace

#define UNIFORM ae::XavierUniform, ae::HeUniform, ae::LeCunUniform
#define NORMAL ae::XavierNormal, ae::HeNormal, ae::LeCunNormal

TEST_CASE_TEMPLATE("uniform weights fill [-a, a] with a the root of thrice their variance", Init,
                   UNIFORM) {
  const double limit = std::sqrt(3 * expected<Init>);
  const Matrix<double> weight = drawn<double>(Init{});
  CHECK(weight.cwiseAbs().maxCoeff() <= limit);
  CHECK(weight.maxCoeff() > 0.999 * limit);
  CHECK(weight.minCoeff() < -0.999 * limit);
}

TEST_CASE_TEMPLATE("weights have mean 0 and the variance of their paper", Init, UNIFORM, NORMAL) {
  const Matrix<double> weight = drawn<double>(Init{});
  constexpr double one = expected<Init>;
  CHECK(std::abs(weight.mean()) < tolerance(one, weight));
  // The variance of a squared normal number is twice its variance squared; of a uniform one, less.
  CHECK(std::abs(variance(weight) - one) < tolerance(2 * one * one, weight));
}

TEST_CASE_TEMPLATE("normal weights have tails", Init, NORMAL) {
  CHECK(drawn<double>(Init{}).cwiseAbs().maxCoeff() > 3.5 * std::sqrt(expected<Init>));
}

TEST_CASE_TEMPLATE("the same seed draws the same bits, another seed others", Init, UNIFORM, NORMAL,
                   ae::Orthogonal) {
  CHECK((drawn<float>(Init{}, 5) == drawn<float>(Init{}, 5)));
  CHECK((drawn<float>(Init{}, 5).array() != drawn<float>(Init{}, 6).array()).count() > 59'000);
}

TEST_CASE_TEMPLATE("weights in float are those in double, rounded", Init, UNIFORM, NORMAL,
                   ae::Orthogonal) {
  CHECK((drawn<float>(Init{}) == drawn<double>(Init{}).template cast<float>()));
}

TEST_CASE("entries are drawn column by column") {
  const ae::Random random(1, ae::Purpose::initialise);
  const Matrix<double> normal = drawn<double>(ae::XavierNormal{}, 1, 3, 5);
  CHECK(normal(1, 2) == std::sqrt(2.0 / 8) * random.normal(7));
  const double limit = std::sqrt(6.0 / 8);
  const Matrix<double> uniform = drawn<double>(ae::XavierUniform{}, 1, 3, 5);
  CHECK(uniform(1, 2) == random.uniform(7, -limit, limit));
}

TEST_CASE("the longer side of an orthogonal weight is that of its orthonormal vectors") {
  const Matrix<double> high = drawn<double>(ae::Orthogonal{}, 1, 30, 20);
  CHECK((high.transpose() * high).isIdentity(1e-13));
  const Matrix<double> wide = drawn<double>(ae::Orthogonal{.gain = 2}, 1, 20, 30);
  CHECK((wide * wide.transpose() / 4).isIdentity(1e-13));
  const Matrix<double> square = drawn<double>(ae::Orthogonal{}, 1, 25, 25);
  CHECK((square * square.transpose()).isIdentity(1e-13));
}

TEST_CASE("orthogonal matrices are drawn evenly: over many, every entry has mean 0") {
  constexpr int count = 4000;
  Matrix<double> sum = Matrix<double>::Zero(3, 3);
  for (int seed = 0; seed < count; ++seed) {
    sum += drawn<double>(ae::Orthogonal{}, static_cast<std::uint64_t>(seed), 3, 3);
  }
  CHECK((sum / count).cwiseAbs().maxCoeff() < 5 * std::sqrt(1.0 / 3 / count));
}

TEST_CASE("a gain that is not above 0 is refused") {
  for (const double gain : {0.0, -1.0, HUGE_VAL, std::nan("")}) {
    CHECK(says(message_of<ae::OptionError>([&] { drawn<float>(ae::Orthogonal{gain}, 1, 2, 2); }),
               "gain above 0", ae::detail::text(gain)));
  }
}

#undef UNIFORM
#undef NORMAL

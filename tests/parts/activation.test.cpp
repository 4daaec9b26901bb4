#include "ae/parts/activation.hpp"

#include <cmath>
#include <limits>

#include "support/expect.hpp"

using ae::Index;

namespace {

/// What an activation should be, a number at a time.
double formula(ae::Identity, double z) {
  return z;
}
double formula(ae::Elu, double z) {
  return z > 0 ? z : std::expm1(z);
}
double formula(ae::Selu, double z) {
  return 1.0507009873554805 * (z > 0 ? z : 1.6732632423543773 * std::expm1(z));
}
double formula(ae::Relu, double z) {
  return z > 0 ? z : 0;
}
double formula(ae::LeakyRelu, double z) {
  return z > 0 ? z : 0.01 * z;
}
double formula(ae::Sigmoid, double z) {
  return 1 / (1 + std::exp(-z));
}
double formula(ae::Tanh, double z) {
  return std::tanh(z);
}
double formula(ae::Softplus, double z) {
  return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z)));
}
double formula(ae::Gelu, double z) {
  return z / 2 * std::erfc(-z / std::sqrt(2.0));
}
double formula(ae::Silu, double z) {
  return z / (1 + std::exp(-z));
}

template <class Scalar>
using Column = Eigen::Array<Scalar, Eigen::Dynamic, 1>;

/// Numbers that fill whole packets, and some that are left over.
constexpr Index sizes[] = {1, 2, 3, 5, 7, 13, 31, 67};

template <class Activation, class Scalar>
Column<Scalar> value(const Column<Scalar>& z) {
  return Activation{}.value(z);
}

/// The derivatives at z, in terms of the value where that is how the activation gives them.
template <class Activation, class Scalar>
Column<Scalar> derivative(const Column<Scalar>& z) {
  if constexpr (requires { Activation{}.derivative(z); }) {
    const Column<Scalar> y = value<Activation>(z);
    return Activation{}.derivative(y);
  } else {
    return Activation{}.derivative_at(z);
  }
}

template <class Activation, class Scalar>
Column<Scalar> second_derivative(const Column<Scalar>& z) {
  if constexpr (requires { Activation{}.second_derivative(z); }) {
    const Column<Scalar> y = value<Activation>(z);
    return Activation{}.second_derivative(y);
  } else {
    return Activation{}.second_derivative_at(z);
  }
}

/// Numbers that keep away from the kinks at 0.
Column<double> away_from_zero(Index size) {
  const Column<double> z = Column<double>::LinSpaced(size, -4, 4.5);
  return (z.abs() < 0.01).select(z + 0.02, z);
}

/// The largest difference from the fourth-order central differences of f, relative to numbers above
/// 1 in f'.
template <class F>
double difference_error(const Column<double>& z, const Column<double>& derivative, F f) {
  constexpr double step = 1e-3;
  const Column<double> near = f(z + step) - f(z - step), far = f(z + 2 * step) - f(z - 2 * step);
  const Column<double> difference = (8 * near - far) / (12 * step);
  return ((derivative - difference).abs() / difference.abs().max(1e-3)).maxCoeff();
}

/// The largest difference from the formula, relative to numbers above 1.
template <class Activation, class Scalar>
double value_error(Index size) {
  const Column<Scalar> z = Column<Scalar>::LinSpaced(size, Scalar(-20), Scalar(21));
  const Column<Scalar> y = value<Activation>(z);
  double worst = 0;
  for (Index i = 0; i < size; ++i) {
    const double expected = formula(Activation{}, static_cast<double>(z(i)));
    const double error = std::abs(static_cast<double>(y(i)) - expected);
    worst = std::max(worst, error / std::max(1.0, std::abs(expected)));
  }
  return worst;
}

/// True if an input NaN in any one place comes out as NaN in just that place.
template <class Activation, class Scalar>
bool keeps_nan(Index size) {
  for (Index i = 0; i < size; ++i) {
    Column<Scalar> z = Column<Scalar>::LinSpaced(size, Scalar(-2), Scalar(3));
    z(i) = std::numeric_limits<Scalar>::quiet_NaN();
    const Column<Scalar> y = value<Activation>(z);
    for (Index j = 0; j < size; ++j) {
      if (std::isnan(y(j)) != (i == j)) return false;
    }
  }
  return true;
}

/// Packets of tanh and of the logistic function for NEON, and those of Eigen 5, stop an ulp or two
/// short of 1, where the standard library's function, which takes the rest of a column, gives 1.
#if defined(EIGEN_VECTORIZE_NEON) || EIGEN_VERSION_AT_LEAST(5, 0, 0)
constexpr double limit_error = 2 * std::numeric_limits<float>::epsilon();
#else
constexpr double limit_error = 0;
#endif

/// True if a value is a limit, which may be infinite.
bool is_limit(double value, double limit) {
  return value == limit || std::abs(value - limit) <= limit_error;
}

/// Of a column of infinities, the value of the first and the last entry, if they are the same.
template <class Activation, class Scalar>
double at_infinity(Index size) {
  const Scalar infinity = std::numeric_limits<Scalar>::infinity();
  const Column<Scalar> y = value<Activation, Scalar>(Column<Scalar>::Constant(size, infinity));
  CHECK(is_limit(static_cast<double>(y(0)), static_cast<double>(y(size - 1))));
  return static_cast<double>(y(0));
}

}  // namespace

#define ACTIVATIONS                                                                              \
  ae::Identity, ae::Elu, ae::Selu, ae::Relu, ae::LeakyRelu, ae::Sigmoid, ae::Tanh, ae::Softplus, \
      ae::Gelu, ae::Silu

TEST_CASE_TEMPLATE("an activation's value is its formula's", Activation, ACTIVATIONS) {
  for (const Index size : sizes) {
    CAPTURE(size);
    CHECK(value_error<Activation, float>(size) < 1e-6);
    CHECK(value_error<Activation, double>(size) < 1e-14);
  }
}

TEST_CASE_TEMPLATE("an activation's derivatives agree with central differences", Activation,
                   ACTIVATIONS) {
  for (const Index size : sizes) {
    CAPTURE(size);
    const Column<double> z = away_from_zero(size);
    CHECK(difference_error(z, derivative<Activation>(z), value<Activation, double>) < 1e-6);
    CHECK(difference_error(z, second_derivative<Activation>(z), derivative<Activation, double>) <
          1e-6);
  }
}

TEST_CASE_TEMPLATE("derivatives in float are those in double", Activation, ACTIVATIONS) {
  for (const Index size : sizes) {
    CAPTURE(size);
    const Column<float> z = away_from_zero(size).cast<float>();
    const Column<double> wide = z.cast<double>();
    CHECK((derivative<Activation>(z).template cast<double>() - derivative<Activation>(wide))
              .abs()
              .maxCoeff() < 2e-6);
    CHECK((second_derivative<Activation>(z).template cast<double>() -
           second_derivative<Activation>(wide))
              .abs()
              .maxCoeff() < 2e-6);
  }
}

TEST_CASE_TEMPLATE("a NaN stays a NaN wherever it stands, and changes no other entry", Activation,
                   ACTIVATIONS) {
  for (const Index size : sizes) {
    CAPTURE(size);
    CHECK(keeps_nan<Activation, float>(size));
    CHECK(keeps_nan<Activation, double>(size));
  }
}

TEST_CASE_TEMPLATE("at +infinity an activation has its limit", Activation, ACTIVATIONS) {
  const double limit = formula(Activation{}, std::numeric_limits<double>::infinity());
  for (const Index size : sizes) {
    CHECK(is_limit(at_infinity<Activation, float>(size), limit));
    CHECK(is_limit(at_infinity<Activation, double>(size), limit));
  }
}

TEST_CASE_TEMPLATE("activations take matrices as well as columns", Activation, ACTIVATIONS) {
  const Eigen::ArrayXXd z = Eigen::ArrayXd::LinSpaced(15, -3, 4).reshaped(5, 3);
  const Eigen::ArrayXXd y = Activation{}.value(z);
  CHECK(y(3, 1) == doctest::Approx(formula(Activation{}, z(3, 1))));
  if constexpr (requires { Activation{}.derivative(y); }) {
    const Eigen::ArrayXXd derivative = Activation{}.derivative(y);
    CHECK(derivative.rows() == 5);
    CHECK(derivative.cols() == 3);
  }
}

TEST_CASE("SELU keeps the mean and the variance of standard normal numbers") {
  double mean = 0, square = 0;
  const Index points = 200'000;
  const double width = 20.0 / static_cast<double>(points);
  const Column<double> z = Column<double>::LinSpaced(points, -10 + width / 2, 10 - width / 2);
  const Column<double> density = (-z.square() / 2).exp() * (width / std::sqrt(2 * std::acos(-1)));
  const Column<double> y = value<ae::Selu>(z);
  mean = (y * density).sum();
  square = (y.square() * density).sum();
  CHECK(std::abs(mean) < 1e-8);
  CHECK(std::abs(square - 1) < 1e-8);
}

TEST_CASE_TEMPLATE("softplus neither overflows nor loses small values", Scalar, float, double) {
  const Column<Scalar> z = (Column<Scalar>(3) << -30, 80, 1000).finished();
  const Column<Scalar> y = value<ae::Softplus>(z);
  CHECK(y(0) == doctest::Approx(std::exp(-30.0)).epsilon(1e-6));
  CHECK(y(1) == 80);
  CHECK(y(2) == 1000);
}

TEST_CASE_TEMPLATE("far below zero the gated activations vanish", Activation, ae::Gelu, ae::Silu) {
  const Column<float> z = Column<float>::Constant(20, -1e4f);
  CHECK(value<Activation>(z).abs().maxCoeff() < 1e-30f);  // Eigen's exp may end at 1e-38
  CHECK(derivative<Activation>(z).abs().maxCoeff() < 1e-30f);
}

TEST_CASE("a leaky ReLU has the slope that it is given, and none below 0") {
  const ae::LeakyRelu leaky{.slope = 0.25};
  const Column<double> z = (Column<double>(3) << -8, 0, 2).finished();
  const Column<double> y = leaky.value(z), derivative = leaky.derivative(y);
  CHECK((y == (Column<double>(3) << -2, 0, 2).finished()).all());
  CHECK((derivative == (Column<double>(3) << 0.25, 0.25, 1).finished()).all());
  CHECK(says(message_of<ae::OptionError>([] { ae::LeakyRelu{-0.5}.require_valid(); }),
             "slope of at least 0", "-0.5"));
  CHECK(says(message_of<ae::OptionError>([] { ae::LeakyRelu{NAN}.require_valid(); }), "nan"));
}

#undef ACTIVATIONS

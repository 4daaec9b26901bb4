#include "ae/nn/activation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using ae::Index;

namespace {

/// What an activation should be, a number at a time.
double formula(ae::Identity, double z) {
  return z;
}
double formula(ae::Elu, double z) {
  return z > 0 ? z : std::expm1(z);
}
double formula(ae::Relu, double z) {
  return z > 0 ? z : 0;
}
double formula(ae::Sigmoid, double z) {
  return 1 / (1 + std::exp(-z));
}
double formula(ae::Tanh, double z) {
  return std::tanh(z);
}

template <class Scalar>
using Column = Eigen::Array<Scalar, Eigen::Dynamic, 1>;

/// Numbers that fill whole packets, and some that are left over.
constexpr Index sizes[] = {1, 2, 3, 5, 7, 13, 31, 67};

template <class Activation, class Scalar>
Column<Scalar> value(const Column<Scalar>& z) {
  return Activation{}.value(z);
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

/// Of a column of infinities, the value of the first and the last entry, if they are the same.
template <class Activation, class Scalar>
double at_infinity(Index size) {
  const Scalar infinity = std::numeric_limits<Scalar>::infinity();
  const Column<Scalar> y = value<Activation, Scalar>(Column<Scalar>::Constant(size, infinity));
  CHECK(y(0) == y(size - 1));
  return static_cast<double>(y(0));
}

}  // namespace

#define ACTIVATIONS ae::Identity, ae::Elu, ae::Relu, ae::Sigmoid, ae::Tanh

TEST_CASE_TEMPLATE("an activation's value is its formula's", Activation, ACTIVATIONS) {
  for (const Index size : sizes) {
    CAPTURE(size);
    CHECK(value_error<Activation, float>(size) < 1e-6);
    CHECK(value_error<Activation, double>(size) < 1e-14);
  }
}

TEST_CASE_TEMPLATE("an activation's derivative, by its value, agrees with central differences",
                   Activation, ACTIVATIONS) {
  constexpr double step = 1e-5;
  for (const Index size : sizes) {
    Column<double> z = Column<double>::LinSpaced(size, -4, 4.5);
    z = (z.abs() < 0.01).select(z + 0.02, z);  // ELU and ReLU have a kink at 0
    const Column<double> difference =
        (value<Activation, double>(z + step) - value<Activation, double>(z - step)) / (2 * step);
    const Column<double> y = value<Activation>(z);
    const Column<double> derivative = Activation{}.derivative(y);
    CHECK((derivative - difference).abs().maxCoeff() < 1e-8);
  }
}

TEST_CASE_TEMPLATE("a derivative in float is the one in double", Activation, ACTIVATIONS) {
  for (const Index size : sizes) {
    const Column<double> y = value<Activation, double>(Column<double>::LinSpaced(size, -4, 4.5))
                                 .template cast<float>()
                                 .template cast<double>();
    const Column<double> wide = Activation{}.derivative(y);
    const Column<float> single = y.template cast<float>();
    const Column<float> narrow = Activation{}.derivative(single);
    CHECK((narrow.template cast<double>() - wide).abs().maxCoeff() < 1e-6);
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
    CHECK(at_infinity<Activation, float>(size) == limit);
    CHECK(at_infinity<Activation, double>(size) == limit);
  }
}

TEST_CASE_TEMPLATE("activations take matrices as well as columns", Activation, ACTIVATIONS) {
  const Eigen::ArrayXXd z = Eigen::ArrayXd::LinSpaced(15, -3, 4).reshaped(5, 3);
  const Eigen::ArrayXXd y = Activation{}.value(z);
  const Eigen::ArrayXXd derivative = Activation{}.derivative(y);
  CHECK(y(3, 1) == doctest::Approx(formula(Activation{}, z(3, 1))));
  CHECK(derivative.rows() == 5);
  CHECK(derivative.cols() == 3);
}

#undef ACTIVATIONS

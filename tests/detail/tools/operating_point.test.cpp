#include "ae/detail/tools/operating_point.hpp"

#include <doctest/doctest.h>

#include "ae/parts/activation.hpp"

using ae::detail::OperatingPoint;

namespace {

const Eigen::ArrayXd signal = Eigen::ArrayXd::LinSpaced(201, -3, 3);

struct Constant {
  static constexpr std::string_view name = "constant";
  auto value(const auto& z) const { return 0 * z + 7; }
  auto derivative(const auto& y) const { return 0 * y; }
};

struct Falling {
  static constexpr std::string_view name = "falling";
  auto value(const auto& z) const { return (1 - z).max(0); }
  auto derivative(const auto& y) const { return -y.sign(); }
};

OperatingPoint found(const auto& activation, double allowed) {
  return ae::detail::nearly_linear<double>(activation, signal, 3, allowed);
}

}  // namespace

TEST_CASE("a linear unit works as it is") {
  const OperatingPoint point = found(ae::Identity{}, 1e-28);
  CHECK(point.gain == 1);
  CHECK(point.shift == 0);
  CHECK(point.slope == doctest::Approx(1));
  CHECK(std::abs(point.offset) < 1e-15);
}

TEST_CASE("rectifiers work just above their kink") {
  for (const OperatingPoint& point : {found(ae::Relu{}, 1e-25), found(ae::Elu{}, 1e-25)}) {
    CHECK(point.gain == 1);
    CHECK(point.shift == 3);
    CHECK(point.slope == doctest::Approx(1));
    CHECK(point.offset == doctest::Approx(-3));
    CHECK(point.error < 1e-25);
  }
}

TEST_CASE("one that is straight below works below") {
  const OperatingPoint point = found(Falling{}, 1e-25);
  CHECK(point.gain == 1);
  CHECK(point.shift == -3);
  CHECK(point.slope == doctest::Approx(-1));
  CHECK(point.offset == doctest::Approx(4));
}

TEST_CASE("sigmoids work around 0, at the largest gain that is good enough") {
  for (const double allowed : {1e-2, 1e-4, 1e-8}) {
    const OperatingPoint point = found(ae::Tanh{}, allowed);
    CHECK(point.shift == 0);
    CHECK(point.error <= allowed);
    CHECK(ae::detail::operate<double>(ae::Tanh{}, signal, 2 * point.gain, 0).error > allowed);
  }
  const OperatingPoint point = found(ae::Sigmoid{}, 1e-8);
  CHECK(point.slope == doctest::Approx(4 / point.gain).epsilon(0.01));
  CHECK(point.offset == doctest::Approx(-2 / point.gain).epsilon(0.01));
}

TEST_CASE("the error of tanh is that of its cubic term") {
  // tanh(g t) / g = t - g^2 t^3 / 3 + ...; on [-r, r] the mean square of t^3 without its line is
  // r^6 / 7 - 3 r^6 / 25 = 4 r^6 / 175.
  const double gain = 0.01, cubic = gain * gain / 3;
  const Eigen::ArrayXd fine = Eigen::ArrayXd::LinSpaced(20001, -3, 3);
  CHECK(ae::detail::operate<double>(ae::Tanh{}, fine, gain, 0).error ==
        doctest::Approx(cubic * cubic * std::pow(3, 6) * 4 / 175).epsilon(1e-3));
}

TEST_CASE("where nothing is good enough the best is taken") {
  const OperatingPoint point = found(ae::Tanh{}, 0);
  CHECK(point.error > 0);
  CHECK(point.error < 1e-20);
}

TEST_CASE("rounding counts: in float, sigmoid's gain must not be too small") {
  const OperatingPoint point = ae::detail::nearly_linear<float>(ae::Sigmoid{}, signal, 3, 0);
  CHECK(point.gain > 1e-3);
  CHECK(point.error < 1e-9);
}

TEST_CASE("what hands nothing on has the error of the mean") {
  const OperatingPoint point = found(Constant{}, 1e-3);
  CHECK(point.slope == 0);
  CHECK(point.error == doctest::Approx(signal.square().mean()));
}

TEST_CASE("a signal that is constant is handed on anywhere") {
  const auto point =
      ae::detail::nearly_linear<double>(ae::Tanh{}, Eigen::ArrayXd::Constant(5, 0.25), 0.25, 0);
  CHECK(point.offset == 0.25);
  CHECK(point.error == 0);
}

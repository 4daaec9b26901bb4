#include "ae/detail/layers/per_parameter.hpp"

#include "support/expect.hpp"

using ae::Index;

namespace {

ae::detail::PerParameter<double> ones() {
  ae::Stack<double> layers({3, 2, 4});
  ae::detail::PerParameter<double> found;
  found.prepare(layers);
  found.for_each([](auto matrix) { matrix.setOnes(); });
  return found;
}

}  // namespace

TEST_CASE("there is a matrix of the shape of every parameter") {
  const auto found = ones();
  CHECK(found(0, 0).rows() == 2);
  CHECK(found(0, 0).cols() == 3);
  CHECK(found(1, 1).rows() == 4);
  CHECK(found(1, 1).cols() == 1);
  CHECK(found.norm() == doctest::Approx(std::sqrt(6 + 2 + 8 + 4)));
}

TEST_CASE("clipping by value brings every entry into the range, and leaves a NaN") {
  auto found = ones();
  found(0, 0)(0, 0) = -7;
  found(0, 0)(1, 0) = std::numeric_limits<double>::infinity();
  found(0, 0)(1, 1) = std::nan("");
  found.clip_value(0.5);
  CHECK(found(0, 0)(0, 0) == -0.5);
  CHECK(found(0, 0)(1, 0) == 0.5);
  CHECK(std::isnan(found(0, 0)(1, 1)));
  CHECK(found(1, 1)(3, 0) == 0.5);
}

TEST_CASE("clipping scales all of them together, and only down") {
  auto found = ones();
  found.clip_norm(100);
  CHECK(found(0, 0)(0, 0) == 1);
  found.clip_norm(1);
  CHECK(found.norm() == doctest::Approx(1));
  CHECK(found(0, 0)(1, 2) == doctest::Approx(1 / std::sqrt(20.0)));
}

#include "ae/detail/core/sign.hpp"

#include <doctest/doctest.h>

#include <cmath>

using ae::Index;

TEST_CASE_TEMPLATE("signs are those of numbers of any normal size", Scalar, float, double) {
  using Column = Eigen::Array<Scalar, Eigen::Dynamic, 1>;
  using Limits = std::numeric_limits<Scalar>;
  for (const Index size : {1, 2, 3, 7, 16, 67}) {
    for (const Scalar magnitude : {Limits::min(), Scalar(1), Limits::max(), Limits::infinity()}) {
      const Column above = Column::Constant(size, magnitude), below = -above;
      CHECK((ae::detail::sign(above) == 1).all());
      CHECK((ae::detail::sign(below) == -1).all());
      CHECK((ae::detail::positive(above) == 1).all());
      CHECK((ae::detail::positive(below) == 0).all());
    }
    const Column none = Column::Zero(size);
    CHECK((ae::detail::sign(none) == 0).all());
    CHECK((ae::detail::positive(none) == 0).all());
    CHECK((ae::detail::zero(none) == 0).all());
  }
}

TEST_CASE_TEMPLATE("the sign of a NaN is a NaN", Scalar, float, double) {
  using Column = Eigen::Array<Scalar, Eigen::Dynamic, 1>;
  for (const Index size : {1, 2, 3, 7, 16, 67}) {
    const Column nan = Column::Constant(size, std::numeric_limits<Scalar>::quiet_NaN());
    CHECK(Column(ae::detail::sign(nan)).isNaN().all());
    CHECK(Column(ae::detail::positive(nan)).isNaN().all());
  }
}

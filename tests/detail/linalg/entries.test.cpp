#include "ae/detail/linalg/entries.hpp"

#include <limits>

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

namespace {

/// Entries of parts that have a size at compile time, with which all is done at once.
constexpr auto add = [](const auto& from, auto to, const auto& factor) {
  static_assert(std::decay_t<decltype(from)>::SizeAtCompileTime != Eigen::Dynamic);
  to.array() += from.array() * factor.array();
};

}  // namespace

TEST_CASE_TEMPLATE("entries meet those at the same place, whatever the tile's height", Scalar,
                   float, double, long double) {
  constexpr Index most = 3 * ae::detail::Blocking<Scalar>::width;
  for (Index rows = 1; rows <= most; ++rows) {
    const Matrix<Scalar> tile = Matrix<Scalar>::Random(rows, 2);
    const Matrix<Scalar> factors = Matrix<Scalar>::Random(most + 2, 4);
    Matrix<Scalar> sums =
        Matrix<Scalar>::Constant(most + 2, 4, std::numeric_limits<Scalar>::quiet_NaN());
    sums.block(1, 2, rows, 2).setOnes();
    ae::detail::on_entries(add, sums, factors)(tile, {1, rows}, {2, 2});
    const Matrix<Scalar> expected = tile.cwiseProduct(factors.block(1, 2, rows, 2)).array() + 1;
    CHECK(sums.block(1, 2, rows, 2).isApprox(expected));
    CHECK(sums.array().isNaN().count() == sums.size() - tile.size());
  }
}

TEST_CASE("a tile itself may be changed, and one whose height is known is taken as it is") {
  const auto twice = ae::detail::on_entries([](auto entries) { entries *= 2; });
  Eigen::Matrix<float, 5, 3> tile = Eigen::Matrix<float, 5, 3>::Ones();
  Matrix<float> part = Matrix<float>::Ones(5, 3);
  twice(tile, {0, 5}, {0, 3});
  twice(part, {0, 5}, {0, 3});
  CHECK((tile.array() == 2).all());
  CHECK((part.array() == 2).all());
}

TEST_CASE("the bits do not depend on whether the height is known") {
  constexpr int height = ae::detail::Blocking<float>::MR;
  const auto root = ae::detail::on_entries([](auto x) { x = x.array().sqrt() / (x.array() + 1); });
  Eigen::Matrix<float, height, 1> tile = Eigen::Matrix<float, height, 1>::Random().cwiseAbs();
  Matrix<float> part = tile;
  root(tile, {0, height}, {0, 1});
  root(part, {0, height}, {0, 1});
  CHECK(tile == part);
}

TEST_CASE("a tile that lies across, or is an expression, is taken as it is") {
  const Matrix<double> lying = Matrix<double>::Random(3, 9), ones = Matrix<double>::Ones(9, 3);
  Matrix<double> sums = Matrix<double>::Zero(9, 3);
  const auto add_to = ae::detail::on_entries([](const auto& from, auto to) { to += from; }, sums);
  add_to(lying.transpose(), {0, 9}, {0, 3});
  add_to(2 * ones, {0, 9}, {0, 3});
  CHECK(sums == lying.transpose() + 2 * ones);
}

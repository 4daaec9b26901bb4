#include "ae/detail/linalg/packets.hpp"

#include <limits>

#include "ae/linalg/epilogue.hpp"
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
    ae::linalg::elementwise(add, sums, factors)(tile, {1, rows}, {2, 2});
    const Matrix<Scalar> expected = tile.cwiseProduct(factors.block(1, 2, rows, 2)).array() + 1;
    CHECK(sums.block(1, 2, rows, 2).isApprox(expected));
    CHECK(sums.array().isNaN().count() == sums.size() - tile.size());
  }
}

TEST_CASE("a tile itself may be changed") {
  const auto twice = ae::linalg::elementwise([](auto entries) { entries *= 2; });
  Matrix<float> tile = Matrix<float>::Ones(5, 3);
  twice(tile, {0, 5}, {0, 3});
  CHECK((tile.array() == 2).all());
}

TEST_CASE("the bits of an entry do not depend on its place in a column") {
  constexpr Index size = 2 * ae::detail::Blocking<float>::width;
  const auto root = [](auto x) { x = x.array().sqrt() / (x.array() + 1); };
  ae::Vector<float> whole = ae::Vector<float>::Random(size).cwiseAbs(), part = whole;
  ae::detail::for_packets(size, root, whole.data());
  ae::detail::for_packets(size - 1, root, part.data());
  CHECK(whole.head(size - 1) == part.head(size - 1));
}

#include "ae/linalg/tile.hpp"

#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("a tile is stored in its place and nowhere else") {
  Matrix<float> dst = Matrix<float>::Zero(7, 5);
  const Eigen::Matrix<float, 4, Eigen::Dynamic> tile =
      Eigen::Matrix<float, 4, Eigen::Dynamic>::Ones(4, 2);
  ae::linalg::store(tile, dst, {1, 4}, {3, 2});
  CHECK(dst.sum() == 8);
  CHECK(dst.block(1, 3, 4, 2).sum() == 8);
}

TEST_CASE("shapes that cannot be multiplied are named") {
  const Matrix<float> a(2, 3), b(4, 5), c(3, 5);
  CHECK(says(message_of<ae::ShapeError>([&] { ae::linalg::require_shapes(a, b); }), "2 x 3",
             "4 x 5"));
  CHECK(says(message_of<ae::ShapeError>([&] { ae::linalg::require_shapes(b, a, c); }), "2 x 5",
             "4 x 5"));
}

TEST_CASE("columns of a tile come with the same place in other matrices") {
  const Matrix<float> tile = Matrix<float>::Constant(3, 2, 5);
  Matrix<float> sums = Matrix<float>::Zero(9, 6);
  const Matrix<float> weights = Matrix<float>::Random(9, 6);
  const auto add = [](ae::Index col, const auto& t, auto s, const auto& w) {
    s = t * static_cast<float>(col) + w;
  };
  ae::linalg::for_each_column(tile, {2, 3}, {4, 2}, add, sums, weights);
  CHECK(sums(4, 5) == 25 + weights(4, 5));
  CHECK((sums.array() != 0).count() == 6);
}

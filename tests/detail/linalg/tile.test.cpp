#include "ae/detail/linalg/tile.hpp"

#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("a tile is stored in its place and nowhere else") {
  Matrix<float> dst = Matrix<float>::Zero(7, 5);
  const Eigen::Matrix<float, 4, Eigen::Dynamic> tile =
      Eigen::Matrix<float, 4, Eigen::Dynamic>::Ones(4, 2);
  ae::linalg::storing(dst)(tile, {1, 4}, {3, 2});
  CHECK(dst.sum() == 8);
  CHECK(dst.block(1, 3, 4, 2).sum() == 8);
}

TEST_CASE("shapes that cannot be multiplied are named") {
  const Matrix<float> a(2, 3), b(4, 5), c(3, 5);
  CHECK(says(message_of<ae::ShapeError>([&] { ae::detail::require_shapes(a, b); }), "2 x 3",
             "4 x 5"));
  CHECK(says(message_of<ae::ShapeError>([&] { ae::detail::require_shapes(b, a, c); }), "2 x 5",
             "4 x 5"));
}

TEST_CASE("a matrix that is there already is handed out in tiles") {
  Matrix<float> matrix = Matrix<float>::Random(70, 5), copy = Matrix<float>::Zero(70, 5);
  ae::detail::hand_out<32>(matrix, ae::linalg::storing(copy));
  CHECK(copy == matrix);
}

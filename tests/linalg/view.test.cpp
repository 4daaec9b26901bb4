#include "ae/linalg/view.hpp"

#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("a block is copied into a block, and nothing beside it") {
  const Matrix<float> from = Matrix<float>::Random(9, 6);
  Matrix<float> to = Matrix<float>::Zero(7, 5);
  ae::linalg::copy(ae::linalg::const_view(from.block(2, 1, 4, 3)),
                   ae::linalg::view(to.block(1, 2, 4, 3)));
  CHECK(to.block(1, 2, 4, 3) == from.block(2, 1, 4, 3));
  CHECK((to.array() != 0).count() == 12);
}

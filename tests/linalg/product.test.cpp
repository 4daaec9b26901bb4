#include "ae/linalg/product.hpp"

#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("operands of shapes that do not fit are refused with both shapes") {
  const Matrix<float> a(2, 3), b(4, 5);
  Matrix<float> dst(2, 5);
  ae::Product<float> product;
  CHECK(says(message_of<ae::ShapeError>([&] { product(dst, a, b); }), "2 x 3", "4 x 5"));
  CHECK(says(message_of<ae::ShapeError>([&] { product(dst, a, Matrix<float>(3, 4)); }), "2 x 4",
             "2 x 5"));
}

#include "ae/detail/linalg/product_shapes.hpp"

#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("shapes that cannot be multiplied are named") {
  const Matrix<float> a(2, 3), b(4, 5), c(3, 5);
  CHECK(says(message_of<ae::ShapeError>([&] { ae::detail::require_shapes(a, b); }), "2 x 3",
             "4 x 5"));
  CHECK(says(message_of<ae::ShapeError>([&] { ae::detail::require_shapes(b, a, c); }), "2 x 5",
             "4 x 5"));
}

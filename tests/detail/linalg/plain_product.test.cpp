#include "ae/detail/linalg/plain_product.hpp"

#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("the plain product is Eigen's") {
  const Matrix<double> a = Matrix<double>::Random(90, 30), b = Matrix<double>::Random(30, 70);
  Matrix<double> dst(90, 70);
  ae::detail::PlainProduct<double>()(dst, a, b,
                                     [](auto&& tile, ae::Range, ae::Range) { tile *= 2; });
  CHECK(dst.isApprox(2 * a * b, 1e-13));
}

#include "ae/detail/linalg/vector_kernel.hpp"

#include <limits>

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::Vector;

TEST_CASE_TEMPLATE("every height times one column agrees with Eigen, writing nothing else", Scalar,
                   float, double) {
  const Scalar nan = std::numeric_limits<Scalar>::quiet_NaN();
  constexpr Index most = ae::detail::vector_kernel_rows<Scalar>;
  for (Index rows = 1; rows <= most; ++rows) {
    for (const Index depth : {0, 1, 2, 37}) {
      Matrix<Scalar> sea = Matrix<Scalar>::Constant(rows + 3, depth + 1, nan);
      sea.block(1, 0, rows, depth).setRandom();
      const Vector<Scalar> x = Vector<Scalar>::Random(depth + 1);
      Vector<Scalar> y = Vector<Scalar>::Constant(rows + 1, nan);
      ae::detail::vector_kernel(rows, depth, sea.data() + 1, sea.rows(), x.data(), 1, y.data());
      const Vector<Scalar> expected = sea.block(1, 0, rows, depth).lazyProduct(x.head(depth));
      CHECK((y.head(rows) - expected).norm() <= Scalar(1e-5) * (expected.norm() + 1));
      CHECK(std::isnan(y(rows)));
    }
  }
}

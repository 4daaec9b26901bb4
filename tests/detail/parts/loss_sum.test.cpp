#include "ae/detail/parts/loss_sum.hpp"

#include "ae/parts/loss.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE_TEMPLATE("a sum counts every output once, and nothing beside them", L, ae::Mse, ae::Mae,
                   ae::Huber, ae::BinaryCrossEntropy) {
  const L loss;
  for (Index size = 1; size < 50; ++size) {
    const ae::Vector<double> y = ae::Vector<double>::Random(size);
    const ae::Vector<double> target = ae::Vector<double>::Random(size).cwiseAbs();
    const double expected = loss.value(y.array(), target.array()).sum();
    CHECK(ae::detail::loss_sum(loss, size, y.data(), target.data()) ==
          doctest::Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("columns of a block are summed") {
  const Matrix<float> y = Matrix<float>::Random(40, 6), target = Matrix<float>::Random(40, 6);
  const auto block = [](const Matrix<float>& of) {
    return ae::linalg::block(ae::linalg::const_view(of), {3, 21}, {1, 4});
  };
  const double expected =
      (y.block(3, 1, 21, 4) - target.block(3, 1, 21, 4)).cast<double>().squaredNorm();
  CHECK(ae::detail::loss_sum<float>(ae::Mse{}, block(y), block(target)) ==
        doctest::Approx(expected).epsilon(1e-5));
}

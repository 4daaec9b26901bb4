#include "ae/core/types.hpp"

#include <doctest/doctest.h>

#include <type_traits>

using ae::Matrix;

static_assert(std::is_signed_v<ae::Index>);
static_assert(!Matrix<float>::IsRowMajor);
static_assert(ae::Vector<float>::ColsAtCompileTime == 1);

namespace {

const double* data_of(const ae::ConstMatrixRef<double>& view) {
  return view.data();
}

void set_to_one(ae::MatrixRef<double> view) {
  view.setOnes();
}

}  // namespace

TEST_CASE("a sample lies in one piece") {
  const Matrix<double> x(3, 2);
  CHECK(&x(2, 0) == x.data() + 2);
  CHECK(&x(0, 1) == x.data() + 3);
}

TEST_CASE("views take a matrix, a block or a map without a copy") {
  const Matrix<double> x = Matrix<double>::Zero(4, 5);
  CHECK(data_of(x) == x.data());
  CHECK(data_of(x.block(1, 2, 2, 3)) == &x(1, 2));
  CHECK(data_of(Eigen::Map<const Matrix<double>>(x.data(), 2, 10)) == x.data());
}

TEST_CASE("a view writes to what it views") {
  Matrix<double> x = Matrix<double>::Zero(4, 5);
  set_to_one(x.block(1, 2, 2, 3));
  CHECK(x.sum() == 6);
  CHECK(x(1, 2) == 1);
}

TEST_CASE("a range is empty unless told otherwise") {
  CHECK(ae::Range{}.first == 0);
  CHECK(ae::Range{}.size == 0);
}

#include "ae/detail/linalg/int8_product.hpp"

#include <limits>

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::Range;
using ae::Vector;

namespace {

using Product = ae::detail::VectorProduct<float, ae::Int8>;

Vector<float> multiply(const Matrix<float>& weight, const Vector<float>& x) {
  const Product product(weight);
  Product::Input input;
  input.prepare(product.depth());
  product.enter(x.data(), input);
  Vector<float> y(product.padded_rows());
  product(0, 1, input, y.data(), [](Range) {});
  return y.head(weight.rows());
}

}  // namespace

TEST_CASE("whole numbers that fit are multiplied exactly") {
  for (const Index depth : {1, 2, 5, 16, 33, 400}) {
    Matrix<float> weight = (Matrix<float>::Random(50, depth) * 126).array().round();
    weight.col(depth / 2).setConstant(-127);  // so that a row's scale is 1
    Vector<float> x = (Vector<float>::Random(depth) * 32000).array().round();
    x[depth - 1] = 32767;
    const Matrix<double> expected = weight.cast<double>() * x.cast<double>();
    const Vector<float> found = multiply(weight, x);
    for (Index i = 0; i < 50; ++i) CHECK(found[i] == static_cast<float>(expected(i)));
  }
}

TEST_CASE("no sum overflows") {
  constexpr Index depth = 150'000;
  const Matrix<float> weight = Matrix<float>::Constant(3, depth, -2);
  CHECK(multiply(weight, Vector<float>::Constant(depth, 3)).isApproxToConstant(-6.0F * depth));
}

TEST_CASE("each row has its own scale") {
  Matrix<float> weight = Matrix<float>::Random(20, 64);
  weight.row(7) *= 1e6F;
  weight.row(8) *= 1e-6F;
  weight.row(9).setZero();
  const Vector<float> x = Vector<float>::Random(64), expected = weight * x, y = multiply(weight, x);
  for (Index i = 0; i < 20; ++i) {
    CHECK(std::abs(y[i] - expected[i]) <=
          0.005F * weight.row(i).cwiseAbs().maxCoeff() * x.lpNorm<1>());
  }
  CHECK(y[9] == 0);
}

TEST_CASE("what is not finite stays visible, and nothing comes of what is too small") {
  const Matrix<float> weight = Matrix<float>::Random(20, 30);
  const Vector<float> x = Vector<float>::Random(30);
  for (const float odd :
       {std::bit_cast<float>(0x7fc08000U), std::numeric_limits<float>::infinity()}) {
    Vector<float> other = x;
    other[11] = odd;
    CHECK(multiply(weight, other).array().isNaN().all());
    Matrix<float> rows = weight;
    rows(4, 29) = odd;
    const Vector<float> y = multiply(rows, x);
    CHECK(std::isnan(y[4]));
    CHECK(y.array().isNaN().count() == 1);
  }
  CHECK(multiply(weight, Vector<float>::Zero(30)).isZero(0));
  CHECK(multiply(weight, Vector<float>::Constant(30, 1e-40F)).isZero(0));
  CHECK(multiply(weight * 1e-40F, x).isZero(0));
}

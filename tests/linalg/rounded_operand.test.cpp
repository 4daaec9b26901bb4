#include "ae/linalg/rounded_operand.hpp"

#include "ae/linalg/product.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::linalg::RoundedLeft;
using ae::linalg::RoundedRight;

namespace {

Matrix<float> rounded(const Matrix<float>& x) {
  return x.unaryExpr([](float value) { return static_cast<float>(Eigen::bfloat16(value)); });
}

}  // namespace

TEST_CASE("an operand holds its numbers rounded to the nearest bfloat16") {
  const Matrix<float> x = Matrix<float>::Random(37, 21);
  CHECK(RoundedLeft(x).matrix() == rounded(x));
  CHECK(RoundedRight(x).matrix() == rounded(x));
  CHECK(RoundedLeft(x.transpose()).matrix() == rounded(x.transpose()));
  CHECK(RoundedRight(x.middleCols(2, 5)).matrix() == rounded(x.middleCols(2, 5)));
}

TEST_CASE("products of them are those that round their operands, to the bit") {
  ae::Product<float> product, rounding;
  rounding.set_precision(ae::Precision::bfloat16);
  for (const auto& [m, n, k] :
       {std::array{150, 150, 300}, std::array{300, 149, 33}, std::array{65, 80, 1}}) {
    const Matrix<float> a = Matrix<float>::Random(m, k), b = Matrix<float>::Random(k, n);
    Matrix<float> expected(m, n), found(m, n);
    rounding(expected, a, b);
    product(found, RoundedLeft(a), RoundedRight(b));
    CHECK(found == expected);
  }
}

TEST_CASE("products of any shape are right") {
  ae::Product<float> product;
  for (const Index m : {0, 1, 5, 64, 100}) {
    for (const Index n : {0, 1, 2, 7, 40}) {
      for (const Index k : {0, 1, 2, 31}) {
        const Matrix<float> a = Matrix<float>::Random(m, k), b = Matrix<float>::Random(k, n);
        Matrix<float> found(m, n);
        product(found, RoundedLeft(a), RoundedRight(b));
        const Matrix<float> expected = rounded(a).lazyProduct(rounded(b));
        CHECK(((found - expected).array().abs() <= 1e-5f).all());
      }
    }
  }
}

TEST_CASE("an epilogue sees the tiles of such products") {
  const Matrix<float> a = Matrix<float>::Random(100, 20), b = Matrix<float>::Random(20, 50);
  Matrix<float> plain(100, 50), doubled(100, 50);
  ae::Product<float> product;
  product(plain, RoundedLeft(a), RoundedRight(b));
  product(doubled, RoundedLeft(a), RoundedRight(b),
          ae::linalg::elementwise([](auto entries) { entries *= 2; }));
  CHECK(doubled == 2 * plain);
}

TEST_CASE("operands that do not fit are refused") {
  const Matrix<float> a = Matrix<float>::Random(4, 5), b = Matrix<float>::Random(6, 3);
  Matrix<float> dst(4, 3);
  CHECK(says(message_of<ae::ShapeError>(
                 [&] { ae::Product<float>()(dst, RoundedLeft(a), RoundedRight(b)); }),
             "4 x 5", "6 x 3"));
}

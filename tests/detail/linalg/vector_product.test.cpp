#include "ae/detail/linalg/vector_product.hpp"

#include "ae/detail/linalg/int8_product.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::Range;
using ae::Vector;

namespace {

template <class Format, class Scalar>
Vector<Scalar> multiply(const Matrix<Scalar>& weight, const Vector<Scalar>& x, Index parts) {
  const ae::detail::VectorProduct<Scalar, Format> product(weight);
  Vector<Scalar> y = Vector<Scalar>::Constant(product.padded_rows(), -7);
  typename ae::detail::VectorProduct<Scalar, Format>::Input input;
  input.prepare(product.depth());
  product.enter(x.data(), input);
  Index seen = 0;
  for (Index part = 0; part < parts; ++part) {
    product(part, parts, input, y.data(), [&](Range rows) { seen += rows.size; });
  }
  CHECK(seen == weight.rows());
  return y.head(weight.rows());
}

}  // namespace

TEST_CASE_TEMPLATE("a laid out weight times a column is the product, however it is shared out", Of,
                   std::pair<float, ae::FullPrecision>, std::pair<float, ae::Bfloat16>,
                   std::pair<float, ae::Int8>, std::pair<double, ae::FullPrecision>) {
  using Scalar = typename Of::first_type;
  using Format = typename Of::second_type;
  const Scalar error = std::is_same_v<Format, ae::Bfloat16> ? Scalar(8e-3)
                       : std::is_same_v<Format, ae::Int8>   ? Scalar(1e-2)
                       : std::is_same_v<Scalar, float>      ? Scalar(1e-5)
                                                            : Scalar(1e-14);
  for (const Index rows : {1, 7, 16, 17, 64, 150, 300, 1024}) {
    for (const Index depth : {1, 2, 30, 300}) {
      const Matrix<Scalar> weight = Matrix<Scalar>::Random(rows, depth);
      const Vector<Scalar> x = Vector<Scalar>::Random(depth);
      const Vector<Scalar> expected = weight.lazyProduct(x);
      const Vector<Scalar> whole = multiply<Format>(weight, x, 1);
      CHECK((whole - expected).norm() <= error * (weight.cwiseAbs() * x.cwiseAbs()).norm());
      for (const Index parts : {2, 3, 9}) CHECK(multiply<Format>(weight, x, parts) == whole);
    }
  }
}

TEST_CASE("two weights of 16 bits share a word") {
  const float low = 1.5f, high = -0.3125f;
  const std::uint32_t word = ae::Bfloat16::word(low, high);
  float values[2];
  ae::Bfloat16::load(&word, values);
  CHECK(values[0] == low);
  CHECK(values[1] == high);
  const std::uint32_t rounded = ae::Bfloat16::word(0.1f, 0);
  ae::Bfloat16::load(&rounded, values);
  CHECK(std::abs(values[0] - 0.1f) <= 0.1f / 256);
}

#include "ae/detail/io/int8_layer.hpp"

#include <limits>

#include "ae/core/random.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::Vector;
using ae::detail::Int8Layer;

namespace {

Matrix<float> drawn(Index rows, Index cols) {
  const ae::Random random(7, ae::Purpose::draw);
  return Matrix<float>::NullaryExpr(rows, cols, [&](Index row, Index col) {
    return static_cast<float>(random.normal(static_cast<std::uint64_t>(row + col * rows)));
  });
}

Vector<float> product(const Matrix<float>& weight, const Vector<float>& bias,
                      const Vector<float>& x) {
  Vector<float> y(weight.rows());
  Int8Layer(weight, bias).multiply(x.data(), y.data());
  return y;
}

}  // namespace

TEST_CASE("a product in 8 bits is one of float, but for the rounding") {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 1}, {3, 5}, {4, 4}, {9, 130}}) {
    CAPTURE(rows);
    const Matrix<float> weight = drawn(rows, cols);
    const Vector<float> bias = 10 * drawn(rows, 1), x = 100 * drawn(cols, 1);
    const Vector<float> y = product(weight, bias, x);
    const Vector<float> exact = weight * x + bias;
    for (Index i = 0; i < rows; ++i) {
      // Half a step of each weight, and some more for the inputs and the bias.
      const float step = weight.row(i).cwiseAbs().maxCoeff() / 127 * 1.01f;
      CHECK(std::abs(y[i] - exact[i]) <= 0.52f * step * x.cwiseAbs().sum());
    }
  }
}

TEST_CASE("what 8 bits can hold is exact") {
  Matrix<float> weight(2, 5);
  weight << 127, -127, 3, 0, 64, 0.25f, -31.75f, 31.75f, 7.5f, 1;
  const Vector<float> bias = Vector<float>::Constant(2, -0.375f);
  Vector<float> x(5);
  x << 32767, -32767, 128, 1, 0;
  CHECK(product(weight, bias, x) == weight * x + bias);
}

TEST_CASE("the numbers are where a header looks for them") {
  Matrix<float> weight = Matrix<float>::Zero(5, 6);
  weight.row(0) << 127, 2, 3, 4, 5, 6;
  weight.row(4) << 0, 0, 0, 0, 0, -1;
  const Int8Layer layer(weight, Vector<float>::Constant(5, 1));
  CHECK(layer.bytes() == 8 * 8 + 5 * 2 + 5 * 3);
  CHECK(layer.padded_inputs() == 8);
  const auto& numbers = layer.weights();
  CHECK(std::vector<int>(numbers.begin(), numbers.begin() + 5) == std::vector{127, 3, 2, 4, 0});
  CHECK(std::vector<int>(numbers.begin() + 16, numbers.begin() + 20) == std::vector{5, 0, 6, 0});
  CHECK(std::vector<int>(numbers.begin() + 48, numbers.begin() + 52) == std::vector{0, 0, -126, 0});
  CHECK(layer.scales() == std::vector<std::uint16_t>{0x3f80, 0, 0, 0, 0x3c02});
  CHECK(std::vector<int>(layer.biases().begin(), layer.biases().begin() + 3) ==
        std::vector{0, 0x80, 0x3f});
}

TEST_CASE("the sums of a deep layer fit 32 bits") {
  const Index depth = 3000;
  const Matrix<float> weight = Matrix<float>::Constant(1, depth, -1);
  const Vector<float> y =
      product(weight, Vector<float>::Zero(1), Vector<float>::Constant(depth, 1));
  CHECK(y[0] == doctest::Approx(-3000).epsilon(1e-3));
}

TEST_CASE("numbers at the ends of their range") {
  const float most = std::numeric_limits<float>::max();
  const float least = std::numeric_limits<float>::denorm_min();
  const Matrix<float> weight = Matrix<float>::Ones(2, 2);
  const Vector<float> none = Vector<float>::Zero(2);
  CHECK(product(weight, none, none) == none);
  CHECK(product(weight, none, Vector<float>::Constant(2, least)) == none);
  CHECK(product(weight * least, none, Vector<float>::Ones(2)) == none);
  CHECK(product(weight * 0, Vector<float>::Constant(2, -2), Vector<float>::Ones(2)) ==
        Vector<float>::Constant(2, -2));
  const Vector<float> large = product(weight, none, Vector<float>::Constant(2, most / 4));
  CHECK(large[0] == doctest::Approx(most / 2).epsilon(1e-3));
  CHECK(product(weight * most, Vector<float>::Constant(2, most), none)[0] ==
        doctest::Approx(most).epsilon(1e-4));
  for (const float bad : {NAN, INFINITY, -INFINITY}) {
    CHECK(product(weight, none, Vector<float>::Constant(2, bad)).array().isNaN().all());
  }
}

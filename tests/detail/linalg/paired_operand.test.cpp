#include "ae/detail/linalg/paired_operand.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

namespace {

/// Compares every pair with the two numbers that it stands for.
bool pairs_are_right(const ae::detail::Side& from, Index shares) {
  ae::detail::PairedOperand operand;
  operand.prepare(from);
  for (Index share = 0; share < shares; ++share) operand.pair(share, shares);
  const ae::detail::Side found = operand.pairs();
  bool right = found.size == from.size && found.depth == (from.depth + 1) / 2;
  for (Index i = 0; i < from.size; ++i) {
    const auto number = [&](Index k) {
      return k < from.depth ? from.data[i * from.size_stride + k * from.depth_stride] : 0.0F;
    };
    for (Index p = 0; p < found.depth; ++p) {
      const float pair = found.data[i * found.size_stride + p * found.depth_stride];
      const float expected = ae::detail::bfloat16_pair(number(2 * p), number(2 * p + 1));
      right = right && std::bit_cast<std::uint32_t>(pair) == std::bit_cast<std::uint32_t>(expected);
    }
  }
  return right;
}

}  // namespace

TEST_CASE("an operand is paired along its depth, whichever way it lies") {
  const Matrix<float> matrix = Matrix<float>::Random(80, 80);
  for (const Index size : {1, 15, 16, 33, 70}) {
    for (const Index depth : {1, 2, 31, 64, 77}) {
      for (const Index shares : {1, 3}) {
        CHECK(pairs_are_right({matrix.data(), size, 80, depth, 1}, shares));
        CHECK(pairs_are_right({matrix.data(), size, 1, depth, 80}, shares));
      }
    }
  }
  CHECK(pairs_are_right({matrix.data(), 20, 2, 31, 80}, 2));
}

#include "ae/detail/linalg/bfloat16_pairs.hpp"

#include <limits>

#include "support/expect.hpp"

using ae::Index;
using ae::Vector;
using ae::detail::bfloat16_bits;

namespace {

std::uint16_t low(float pair) {
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(pair) & 0xffffU);
}
std::uint16_t high(float pair) {
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(pair) >> 16U);
}
std::uint16_t expected(float value) {
  return std::bit_cast<std::uint16_t>(Eigen::bfloat16(value));
}

}  // namespace

TEST_CASE("numbers are rounded to the nearest, ties to even") {
  const auto rounded = [](float value) { return bfloat16_bits(value) >> 16U; };
  CHECK(rounded(1.0F) == 0x3f80U);
  CHECK(rounded(1.0F + 0x1p-8F) == 0x3f80U);  // a tie, down to the even one
  CHECK(rounded(1.0F + 0x3p-8F) == 0x3f82U);  // a tie, up to the even one
  CHECK(rounded(1.0F + 0x1p-8F + 0x1p-20F) == 0x3f81U);
  CHECK(rounded(-1.0F - 0x3p-8F) == 0xbf82U);
  CHECK(rounded(0x1.ffp127F) == 0x7f80U);  // past the largest
  CHECK(rounded(std::numeric_limits<float>::infinity()) == 0x7f80U);
  CHECK((rounded(std::numeric_limits<float>::quiet_NaN()) & 0x7fffU) > 0x7f80U);
  CHECK((rounded(std::bit_cast<float>(0x7f800001U)) & 0x7fffU) > 0x7f80U);
  CHECK(rounded(-0.0F) == 0x8000U);
}

TEST_CASE("neighbors become pairs, and nothing beside them is written") {
  const Vector<float> numbers = Vector<float>::Random(140);
  for (Index count = 0; count <= 131; ++count) {
    Vector<float> pairs = Vector<float>::Constant(80, 7);
    ae::detail::pair_neighbors(numbers.data() + 1, count, pairs.data() + 1);
    bool same = true;
    for (Index i = 0; 2 * i < count; ++i) {
      const bool alone = 2 * i + 1 == count;
      same = same && low(pairs[1 + i]) == expected(numbers[1 + 2 * i]) &&
             high(pairs[1 + i]) == (alone ? 0 : expected(numbers[2 + 2 * i]));
    }
    CHECK(same);
    CHECK((pairs.array() == 7).count() == pairs.size() - (count + 1) / 2);
  }
}

TEST_CASE("columns become pairs, and nothing beside them is written") {
  const Vector<float> first = Vector<float>::Random(80), second = Vector<float>::Random(80);
  for (Index count = 0; count <= 70; ++count) {
    Vector<float> pairs = Vector<float>::Constant(80, 7);
    ae::detail::pair_columns(first.data() + 1, second.data() + 1, count, pairs.data() + 1);
    bool same = true;
    for (Index i = 0; i < count; ++i) {
      same = same && low(pairs[1 + i]) == expected(first[1 + i]) &&
             high(pairs[1 + i]) == expected(second[1 + i]);
    }
    CHECK(same);
    CHECK((pairs.array() == 7).count() == pairs.size() - count);
  }
}

TEST_CASE("whole packets round as single numbers do") {
  // All exponents but those of denormal numbers, with what lies on both sides of every tie.
  Vector<float> numbers(254 * 4);
  for (std::uint32_t exponent = 1; exponent < 255; ++exponent) {
    for (std::uint32_t i = 0; i < 4; ++i) {
      numbers[4 * (exponent - 1) + i] =
          std::bit_cast<float>(exponent << 23U | (0x7fffU + i * 0x8001U));
    }
  }
  Vector<float> pairs(numbers.size() / 2);
  ae::detail::pair_neighbors(numbers.data(), numbers.size(), pairs.data());
  bool same = true;
  for (Index i = 0; i < pairs.size(); ++i) {
    same = same && low(pairs[i]) == bfloat16_bits(numbers[2 * i]) >> 16U &&
           high(pairs[i]) == bfloat16_bits(numbers[2 * i + 1]) >> 16U;
  }
  CHECK(same);
}

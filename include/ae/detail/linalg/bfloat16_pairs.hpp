#pragma once

#include "ae/detail/core/abi.hpp"

#include <bit>
#include <cstdint>

#include "ae/core/types.hpp"
#include "ae/detail/linalg/blocking.hpp"

/// Floats rounded to bfloat16, two and two in the bits of a float, as `DotBfloat16` takes them.
/// To nearest, ties to even; a NaN stays one. Processors with AVX512-BF16 take denormal numbers for
/// zeros.
namespace ae::inline AE_ABI::detail {

/// The upper half is the rounded number; the lower one is of no account.
inline std::uint32_t bfloat16_bits(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t rounded = bits + 0x7fffU + (bits >> 16U & 1U);
  return (bits & 0x7fffffffU) > 0x7f800000U ? bits | 0x400000U : rounded;
}

inline float bfloat16_pair(float low, float high) {
  return std::bit_cast<float>(bfloat16_bits(low) >> 16U | (bfloat16_bits(high) & 0xffff0000U));
}

/// Numbers 2 i and 2 i + 1 become pair i; a last one that is alone is paired with zero.
inline void pair_neighbors(const float* numbers, Index count, float* pairs) {
  Index i = 0;
#if defined(__AVX512BF16__) && defined(EIGEN_VECTORIZE_AVX512)
  for (; 2 * i + 32 <= count; i += 16) {
    const __m512 low = _mm512_loadu_ps(numbers + 2 * i),
                 high = _mm512_loadu_ps(numbers + 2 * i + 16);
    _mm512_storeu_ps(pairs + i, std::bit_cast<__m512>(_mm512_cvtne2ps_pbh(high, low)));
  }
#elif defined(AE_BFLOAT16_NEON)
  for (; 2 * i + 8 <= count; i += 4) {
    const bfloat16x8_t low = vcvtq_low_bf16_f32(vld1q_f32(numbers + 2 * i));
    vst1q_f32(pairs + i,
              vreinterpretq_f32_bf16(vcvtq_high_bf16_f32(low, vld1q_f32(numbers + 2 * i + 4))));
  }
#endif
  for (; 2 * i + 1 < count; ++i) pairs[i] = bfloat16_pair(numbers[2 * i], numbers[2 * i + 1]);
  if (2 * i < count) pairs[i] = bfloat16_pair(numbers[2 * i], 0);
}

/// Number i of one column and number i of another become pair i.
inline void pair_columns(const float* low, const float* high, Index count, float* pairs) {
  Index i = 0;
#if defined(__AVX512BF16__) && defined(EIGEN_VECTORIZE_AVX512)
  alignas(64) static constexpr std::uint16_t places[32] = {
      0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
      8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  const __m512i order = _mm512_load_si512(places);
  for (; i + 16 <= count; i += 16) {
    const __m512bh both = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(high + i), _mm512_loadu_ps(low + i));
    _mm512_storeu_si512(pairs + i, _mm512_permutexvar_epi16(order, std::bit_cast<__m512i>(both)));
  }
#elif defined(AE_BFLOAT16_NEON)
  for (; i + 4 <= count; i += 4) {
    const uint16x4_t lower = vreinterpret_u16_bf16(vcvt_bf16_f32(vld1q_f32(low + i)));
    const uint16x4_t upper = vreinterpret_u16_bf16(vcvt_bf16_f32(vld1q_f32(high + i)));
    const uint16x4x2_t both = vzip_u16(lower, upper);
    vst1q_f32(pairs + i, vreinterpretq_f32_u16(vcombine_u16(both.val[0], both.val[1])));
  }
#endif
  for (; i < count; ++i) pairs[i] = bfloat16_pair(low[i], high[i]);
}

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>
#include <cstdint>
#include <cstring>

#include "ae/detail/linalg/blocking.hpp"

/// Sums of products of whole numbers, one for each of a few rows side by side: weights of 8 bits
/// times inputs of 16, two of each for every row at a time. The same numbers on every processor.
namespace ae::inline AE_ABI::detail {

AE_PACKETS_BEGIN

#if defined(__AVX512BW__) && defined(EIGEN_VECTORIZE_AVX512)

struct Int8Lanes {
  static constexpr Index count = 16;
  using Sums = __m512i;

  static Sums zero() { return _mm512_setzero_si512(); }
  EIGEN_ALWAYS_INLINE static __m512i broadcast(const std::int16_t* pair) {
    std::int32_t both;
    std::memcpy(&both, pair, sizeof both);
    return _mm512_set1_epi32(both);
  }
  EIGEN_ALWAYS_INLINE static Sums add(const std::int8_t* weights, __m512i inputs, Sums sums) {
    const __m512i wide =
        _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(weights)));
#ifdef __AVX512VNNI__
    return _mm512_dpwssd_epi32(sums, wide, inputs);
#else
    return _mm512_add_epi32(sums, _mm512_madd_epi16(wide, inputs));
#endif
  }
  EIGEN_ALWAYS_INLINE static void store(Sums sums, float scale, const float* scales, float* y) {
    const __m512 both = _mm512_mul_ps(_mm512_loadu_ps(scales), _mm512_set1_ps(scale));
    _mm512_storeu_ps(y, _mm512_mul_ps(_mm512_cvtepi32_ps(sums), both));
  }
};

#elif defined(EIGEN_VECTORIZE_AVX2)

struct Int8Lanes {
  static constexpr Index count = 8;
  using Sums = __m256i;

  static Sums zero() { return _mm256_setzero_si256(); }
  EIGEN_ALWAYS_INLINE static __m256i broadcast(const std::int16_t* pair) {
    std::int32_t both;
    std::memcpy(&both, pair, sizeof both);
    return _mm256_set1_epi32(both);
  }
  EIGEN_ALWAYS_INLINE static Sums add(const std::int8_t* weights, __m256i inputs, Sums sums) {
    const __m256i wide =
        _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(weights)));
    return _mm256_add_epi32(sums, _mm256_madd_epi16(wide, inputs));
  }
  EIGEN_ALWAYS_INLINE static void store(Sums sums, float scale, const float* scales, float* y) {
    const __m256 both = _mm256_mul_ps(_mm256_loadu_ps(scales), _mm256_set1_ps(scale));
    _mm256_storeu_ps(y, _mm256_mul_ps(_mm256_cvtepi32_ps(sums), both));
  }
};

#else

struct Int8Lanes {
  static constexpr Index count = 8;
  using Sums = std::array<std::int32_t, std::size_t{count}>;

  static Sums zero() { return {}; }
  static std::array<std::int32_t, 2> broadcast(const std::int16_t* pair) {
    return {pair[0], pair[1]};
  }
  EIGEN_ALWAYS_INLINE static Sums add(const std::int8_t* weights,
                                      const std::array<std::int32_t, 2>& inputs, Sums sums) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] += weights[2 * i] * inputs[0] + weights[2 * i + 1] * inputs[1];
    }
    return sums;
  }
  EIGEN_ALWAYS_INLINE static void store(const Sums& sums, float scale, const float* scales,
                                        float* y) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      y[i] = static_cast<float>(sums[i]) * (scales[i] * scale);
    }
  }
};

#endif

AE_PACKETS_END

}  // namespace ae::inline AE_ABI::detail

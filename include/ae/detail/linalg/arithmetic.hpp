#pragma once

#include "ae/detail/core/abi.hpp"

#include <bit>
#include <cstdint>

#include "ae/detail/linalg/blocking.hpp"

/// What a micro-kernel adds to its sums for every step along the depth.
namespace ae::inline AE_ABI::detail {

AE_PACKETS_BEGIN

/// The numbers of the operands are what they are.
struct MultiplyAdd {
  template <class Packet>
  EIGEN_ALWAYS_INLINE static Packet add(const Packet& lhs, const Packet& rhs, const Packet& sum) {
    return Eigen::internal::pmadd(lhs, rhs, sum);
  }
};

/// The numbers of the operands are pairs of bfloat16 that follow each other along the depth, in the
/// bits of a float: the one with the even number in the lower half. Both products are added to the
/// sum, that of the upper half first; Arm's BFDOT adds them to each other, then to the sum, and
/// rounds to odd (Arm Architecture Reference Manual, BFDOT).
struct DotBfloat16 {
  EIGEN_ALWAYS_INLINE static float add(float lhs, float rhs, float sum) {
    return Eigen::internal::pmadd(low(lhs), low(rhs),
                                  Eigen::internal::pmadd(high(lhs), high(rhs), sum));
  }
  template <class Packet>
  EIGEN_ALWAYS_INLINE static Packet add(const Packet& lhs, const Packet& rhs, const Packet& sum) {
    using namespace Eigen::internal;
    return pmadd(low(lhs), low(rhs), pmadd(high(lhs), high(rhs), sum));
  }
#if defined(__AVX512BF16__) && defined(EIGEN_VECTORIZE_AVX512)
  EIGEN_ALWAYS_INLINE static __m512 add(const __m512& lhs, const __m512& rhs, const __m512& sum) {
    return _mm512_dpbf16_ps(sum, std::bit_cast<__m512bh>(lhs), std::bit_cast<__m512bh>(rhs));
  }
#ifdef __AVX512VL__
  EIGEN_ALWAYS_INLINE static __m256 add(const __m256& lhs, const __m256& rhs, const __m256& sum) {
    return _mm256_dpbf16_ps(sum, std::bit_cast<__m256bh>(lhs), std::bit_cast<__m256bh>(rhs));
  }
#endif
#endif
#ifdef AE_BFLOAT16_NEON
  EIGEN_ALWAYS_INLINE static float32x4_t add(const float32x4_t& lhs, const float32x4_t& rhs,
                                             const float32x4_t& sum) {
    return vbfdotq_f32(sum, vreinterpretq_bf16_f32(lhs), vreinterpretq_bf16_f32(rhs));
  }
#endif

 private:
  EIGEN_ALWAYS_INLINE static float low(float pair) {
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(pair) << 16U);
  }
  EIGEN_ALWAYS_INLINE static float high(float pair) {
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(pair) & 0xffff0000U);
  }
  template <class Packet>
  EIGEN_ALWAYS_INLINE static Packet low(const Packet& pairs) {
    using namespace Eigen::internal;
    using Words = typename unpacket_traits<Packet>::integer_packet;
    return preinterpret<Packet>(plogical_shift_left<16>(preinterpret<Words>(pairs)));
  }
  template <class Packet>
  EIGEN_ALWAYS_INLINE static Packet high(const Packet& pairs) {
    using namespace Eigen::internal;
    return pand(pairs, pset1frombits<Packet>(0xffff0000U));
  }
};

AE_PACKETS_END

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

#include "ae/core/types.hpp"

/// Gradients as bfloat16 on their way, with what rounding takes from them kept and added the next
/// time. Seide, Fu, Droppo, Li and Yu, "1-bit stochastic gradient descent and its application to
/// data-parallel distributed training of speech DNNs", Interspeech 2014, section 3.1.
namespace ae::inline AE_ABI::detail::mpi {

/// To the nearest, to even where two are as near; NaN stays NaN.
inline std::uint16_t to_bfloat16(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  const std::uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
  return static_cast<std::uint16_t>(std::isnan(number) ? 0x7FC0 : rounded);
}

inline float from_bfloat16(std::uint16_t half) {
  return std::bit_cast<float>(std::uint32_t{half} << 16);
}

/// Rounds numbers plus what earlier roundings have left, and leaves what this one does.
inline void round_to_bfloat16(const float* from, float* left, std::uint16_t* to, Index size) {
  for (Index i = 0; i < size; ++i) {
    const float wanted = from[i] + left[i];
    to[i] = to_bfloat16(wanted);
    left[i] = wanted - from_bfloat16(to[i]);
  }
}

}  // namespace ae::inline AE_ABI::detail::mpi

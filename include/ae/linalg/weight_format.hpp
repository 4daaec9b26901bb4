#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "ae/core/types.hpp"

/// How `Inference` keeps weights.
namespace ae {

/// Weights as they are.
struct Float32 {
  using Word = float;
  static constexpr Index packets = 1;  // that a packet of words holds

  static Word word(float value, float) { return value; }

  template <class Packet>
  EIGEN_ALWAYS_INLINE static void load(const Word* words, Packet (&values)[1]) {
    values[0] = Eigen::internal::pload<Packet>(words);
  }
};

/// Weights rounded to the upper 16 bits of a float: its range, and a relative error of at most
/// 2^-8. Two share a word, so that a shift and a mask give back two packets.
struct Bfloat16 {
  using Word = std::uint32_t;
  static constexpr Index packets = 2;

  static Word word(float low, float high) {
    const auto bits = [](float value) {
      return Word{std::bit_cast<std::uint16_t>(Eigen::bfloat16(value))};
    };
    return bits(high) << 16 | bits(low);
  }

  template <class Packet>
  EIGEN_ALWAYS_INLINE static void load(const Word* words, Packet (&values)[2]) {
    using namespace Eigen::internal;
    if constexpr (std::is_same_v<Packet, float>) {
      values[0] = std::bit_cast<float>(*words << 16);
      values[1] = std::bit_cast<float>(*words & 0xffff0000u);
    } else {
      using Words = typename unpacket_traits<Packet>::integer_packet;
      const Words both = pload<Words>(reinterpret_cast<const int*>(words));
      const Words mask = pset1<Words>(static_cast<int>(0xffff0000u));
      values[0] = preinterpret<Packet>(plogical_shift_left<16>(both));
      values[1] = preinterpret<Packet>(pand(both, mask));
    }
  }
};

}  // namespace ae

#pragma once

#include "ae/detail/core/abi.hpp"

#include <bit>
#include <cstdint>
#include <type_traits>

#include "ae/core/types.hpp"

/// How `Inference` keeps weights.
namespace ae::inline AE_ABI {

/// Weights as they are, of any type.
/// ~~~{.cpp}
/// const ae::Inference<float, ae::FullPrecision> exact(model);  // the default
/// ~~~
struct FullPrecision {
  template <class Scalar>
  using Word = Scalar;
  static constexpr Index packets = 1;  // that a packet of words holds

  template <class Scalar>
  static constexpr bool keeps = true;

  template <class Scalar>
  static Scalar word(Scalar value, Scalar) {
    return value;
  }

  template <class Scalar, class Packet>
  EIGEN_ALWAYS_INLINE static void load(const Scalar* words, Packet (&values)[1]) {
    values[0] = Eigen::internal::pload<Packet>(words);
  }
};

/// Weights of `float` rounded to the upper 16 bits: its range, and a relative error of at most
/// 2^-8. Two share a word, so that a shift and a mask give back two packets.
/// ~~~{.cpp}
/// const ae::Inference<float, ae::Bfloat16> half(model);
/// ~~~
struct Bfloat16 {
  template <class>
  using Word = std::uint32_t;
  static constexpr Index packets = 2;

  template <class Scalar>
  static constexpr bool keeps = std::is_same_v<Scalar, float>;

  static std::uint32_t word(float low, float high) {
    const auto bits = [](float value) {
      return std::uint32_t{std::bit_cast<std::uint16_t>(Eigen::bfloat16(value))};
    };
    return bits(high) << 16 | bits(low);
  }

  template <class Packet>
  EIGEN_ALWAYS_INLINE static void load(const std::uint32_t* words, Packet (&values)[2]) {
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

/// Weights of `float` in 8 bits, with a scale for each row: scale * q, where q is a whole number
/// from -127 to 127 and scale is the largest of the row, without its sign, over 127. What goes into
/// a layer is rounded alike to whole numbers of 16 bits, or of as few as keep the sums from
/// overflowing (15 for a depth of 1024). These are multiplied and summed exactly.
/// Jacob et al., "Quantization and training of neural networks for efficient
/// integer-arithmetic-only inference", CVPR 2018, section 2, without zero points. `inference_error`
/// tells what it costs.
/// ~~~{.cpp}
/// const ae::Inference<float, ae::Int8> small(model);
/// std::cout << ae::inference_error(small, model, held_out).root_mean_square << '\n';
/// ~~~
struct Int8 {
  template <class Scalar>
  static constexpr bool keeps = std::is_same_v<Scalar, float>;
};

namespace detail {

/// True if a model of these numbers can be laid out so; else does not compile, and says why.
template <class Scalar, class Format>
constexpr bool infers() {
  constexpr bool real = std::is_same_v<Scalar, float> || std::is_same_v<Scalar, double>;
  static_assert(real, "Inference: expected a model of float or double");
  if constexpr (real) {
    static_assert(Format::template keeps<Scalar>,
                  "Inference: Bfloat16 and Int8 keep weights of float only");
    return Format::template keeps<Scalar>;
  }
  return real;
}

}  // namespace detail

}  // namespace ae::inline AE_ABI

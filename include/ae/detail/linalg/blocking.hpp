#pragma once

#include <Eigen/Core>

#include "ae/core/types.hpp"

namespace ae::detail {

// GCC warns that packets lose an attribute as template arguments; Eigen uses them so everywhere.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
#endif

/// How the registers are shared out: `vectors` x NR accumulators, beside `vectors` of the left
/// operand and one broadcast of the right one.
template <class Scalar>
struct Blocking {
  using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
  using Half = typename Eigen::internal::unpacket_traits<Packet>::half;
  static constexpr Index width = Eigen::internal::unpacket_traits<Packet>::size;
  static constexpr Index vectors = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32 ? 4 : 2;
  static constexpr Index half_width = Eigen::internal::unpacket_traits<Half>::size;
  static constexpr Index MR = vectors * width;
  static constexpr Index NR = 6;
};

/// Rows of a panel, up to whole packets.
template <class Scalar>
constexpr Index whole_packets(Index rows) {
  constexpr Index width = Blocking<Scalar>::width;
  return (rows + width - 1) / width * width;
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

}  // namespace ae::detail

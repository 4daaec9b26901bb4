#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/types.hpp"
#include "ae/detail/core/ceil_div.hpp"
#include "ae/detail/core/compiler.hpp"

namespace ae::inline AE_ABI::detail {

AE_PACKETS_BEGIN

/// How the registers are shared out: `vectors` x NR accumulators, beside `vectors` of the left
/// operand and one broadcast of the right one.
template <class Scalar>
struct Blocking {
  using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
  static constexpr Index width = Eigen::internal::unpacket_traits<Packet>::size;
  static constexpr Index vectors = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32 ? 4 : 2;
  static constexpr Index MR = vectors * width;
  static constexpr Index NR = 6;
};

AE_PACKETS_END

/// Rows of a panel, up to whole packets.
template <class Scalar>
constexpr Index whole_packets(Index rows) {
  return ceil_div(rows, Blocking<Scalar>::width) * Blocking<Scalar>::width;
}

}  // namespace ae::inline AE_ABI::detail

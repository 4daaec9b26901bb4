#pragma once

#include <Eigen/Core>
#include <array>
#include <utility>

#include "ae/core/types.hpp"

/// The innermost loop of the matrix product, in the vocabulary of Goto and van de Geijn, "Anatomy
/// of high-performance matrix multiplication", ACM TOMS 34(3), 2008, and of BLIS (Van Zee and van
/// de Geijn, ACM TOMS 41(3), 2015): a micro-kernel multiplies a panel of MR rows by a panel of NR
/// columns with the result in registers.
namespace ae::linalg {

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

/// Calls body(0), ..., body(N - 1) with compile-time indices, so that arrays become registers.
template <Index N, class Body>
EIGEN_ALWAYS_INLINE void unroll(const Body& body) {
  [&]<Index... i>(std::integer_sequence<Index, i...>) {
    (body(std::integral_constant<Index, i>{}), ...);
  }
  (std::make_integer_sequence<Index, N>{});
}

/// The columns of a right-hand panel, read where they are: element k of column j is
/// columns[j][k * stride].
template <class Scalar>
struct ColumnPanel {
  std::array<const Scalar*, Blocking<Scalar>::NR> columns;
  Index stride;
};

/// c = a * b over the whole depth. a is packed: `Vectors` packets for each k. c has NR columns, MR
/// apart, of which `Vectors` packets are written. Every element of c is one chain of multiply-adds
/// in the order of k, so its bits depend on nothing but its row of a and its column of b.
template <class Scalar, Index Vectors>
void micro_kernel(Index depth, const Scalar* a, const ColumnPanel<Scalar>& b, Scalar* c) {
  using namespace Eigen::internal;
  using B = Blocking<Scalar>;
  using Packet = typename B::Packet;
  Packet sum[Vectors][B::NR];
  unroll<B::NR>(
      [&](auto j) { unroll<Vectors>([&](auto i) { sum[i][j] = pset1<Packet>(Scalar{0}); }); });
  const auto columns = b.columns;
  const Index stride = b.stride;
  for (Index k = 0, at = 0; k < depth; ++k, at += stride) {
    Packet lhs[Vectors];
    unroll<Vectors>([&](auto i) { lhs[i] = pload<Packet>(a + i * B::width); });
    unroll<B::NR>([&](auto j) {
      const Packet rhs = pset1<Packet>(columns[j][at]);
      unroll<Vectors>([&](auto i) { sum[i][j] = pmadd(lhs[i], rhs, sum[i][j]); });
    });
    a += Vectors * B::width;
  }
  unroll<B::NR>([&](auto j) {
    unroll<Vectors>([&](auto i) { pstore(c + j * B::MR + i * B::width, sum[i][j]); });
  });
}

/// The micro-kernel for a panel of 1 to `Blocking::vectors` packets.
template <class Scalar>
void micro_kernel(Index vectors, Index depth, const Scalar* a, const ColumnPanel<Scalar>& b,
                  Scalar* c) {
  unroll<Blocking<Scalar>::vectors>([&](auto i) {
    if (vectors == i + 1) micro_kernel<Scalar, i + 1>(depth, a, b, c);
  });
}

}  // namespace ae::linalg

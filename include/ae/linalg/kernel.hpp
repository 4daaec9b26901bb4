#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>

#include "ae/linalg/unroll.hpp"

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
///
/// `ahead(j)` is called once for each column, a few multiplications apart: the place to fetch what
/// is needed after the product, while the processor is busy with arithmetic.
template <class Scalar, Index Vectors, class Ahead>
void micro_kernel(Index depth, const Scalar* a, const ColumnPanel<Scalar>& b, Scalar* c,
                  const Ahead& ahead) {
  using namespace Eigen::internal;
  using B = Blocking<Scalar>;
  using Packet = typename B::Packet;
  Packet sum[Vectors][B::NR];
  unroll<B::NR>([&](auto j) AE_INLINED {
    unroll<Vectors>([&](auto i) AE_INLINED { sum[i][j] = pset1<Packet>(Scalar{0}); });
  });
  const auto columns = b.columns;
  const Index stride = b.stride;
  Index at = 0;
  const auto multiply = [&](Index steps) AE_INLINED {
    for (; steps > 0; --steps, at += stride, a += Vectors * B::width) {
      Packet lhs[Vectors];
      unroll<Vectors>([&](auto i) AE_INLINED { lhs[i] = pload<Packet>(a + i * B::width); });
      unroll<B::NR>([&](auto j) AE_INLINED {
        const Packet rhs = pset1<Packet>(columns[j][at]);
        unroll<Vectors>([&](auto i) AE_INLINED { sum[i][j] = pmadd(lhs[i], rhs, sum[i][j]); });
      });
    }
  };
  const Index few = std::min<Index>(8, depth / B::NR);
  for (Index j = 0; j < B::NR; ++j) {
    ahead(j);
    multiply(few);
  }
  multiply(depth - few * B::NR);
  unroll<B::NR>([&](auto j) AE_INLINED {
    unroll<Vectors>([&](auto i) AE_INLINED { pstore(c + j * B::MR + i * B::width, sum[i][j]); });
  });
}

/// The micro-kernel for a panel of 1 to `Blocking::vectors` packets.
template <class Scalar, class Ahead>
void micro_kernel(Index vectors, Index depth, const Scalar* a, const ColumnPanel<Scalar>& b,
                  Scalar* c, const Ahead& ahead) {
  unroll<Blocking<Scalar>::vectors>([&](auto i) {
    if (vectors == i + 1) micro_kernel<Scalar, i + 1>(depth, a, b, c, ahead);
  });
}

}  // namespace ae::linalg

#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <array>

#include "ae/detail/linalg/arithmetic.hpp"
#include "ae/detail/linalg/deferred_store.hpp"
#include "ae/detail/linalg/prefetch_list.hpp"

/// The innermost loop of the matrix product, in the vocabulary of Goto and van de Geijn, "Anatomy
/// of high-performance matrix multiplication", ACM TOMS 34(3), 2008, and of BLIS (Van Zee and van
/// de Geijn, ACM TOMS 41(3), 2015): a micro-kernel multiplies a panel of MR rows by a panel of NR
/// columns with the result in registers.
namespace ae::inline AE_ABI::detail {

AE_PACKETS_BEGIN

/// The columns of a right-hand panel, read where they are: element k of column j is
/// columns[j][k * stride].
template <class Scalar>
struct ColumnPanel {
  std::array<const Scalar*, Blocking<Scalar>::NR> columns;
  Index stride;
};

/// The rows of a left-hand panel: those of column k lie side by side at first + k * stride. If
/// `packed` is not null, there are MR of them, and the micro-kernel writes them there, one column
/// behind the other.
template <class Scalar>
struct RowPanel {
  const Scalar* first;
  Index stride;
  Scalar* packed = nullptr;
};

/// c = a * b over the whole depth. Of a, `Vectors` packets are read for each k, the last of which
/// is needed as a packet of type `Last` only, at half the cost where that is half as wide. c has NR
/// columns, `c_stride` apart, of which these packets are written. Every element of c is one chain
/// of additions by `Arithmetic` in the order of k, so its bits depend on nothing but its row of a
/// and its column of b.
///
/// The columns of `prefetches` are prefetched, then claimed, and those of `deferred` stored, a few
/// multiplications apart. `Packs` is whether a.packed is written.
template <class Arithmetic, class Scalar, Index Vectors, class Last, bool Packs = false>
void micro_kernel(Index depth, const RowPanel<Scalar>& a, const ColumnPanel<Scalar>& b, Scalar* c,
                  Index c_stride, const PrefetchList& prefetches,
                  const DeferredStore<Scalar>& deferred) {
  using namespace Eigen::internal;
  using B = Blocking<Scalar>;
  using Packet = typename B::Packet;
  constexpr Index full = Vectors - 1;
  Packet sum[std::size_t{Vectors}][std::size_t{B::NR}];
  Last last[std::size_t{B::NR}];
  unroll<B::NR>([&](auto j) AE_INLINED {
    unroll<full>([&](auto i) AE_INLINED { sum[i][j] = pset1<Packet>(Scalar{0}); });
    last[j] = pset1<Last>(Scalar{0});
  });
  const auto columns = b.columns;
  const Scalar* from = a.first;
  [[maybe_unused]] Scalar* packed = a.packed;
  Index at = 0;
  const Index stride = b.stride, a_stride = a.stride;
  const auto multiply = [&](Index steps) AE_INLINED {
    for (; steps > 0; --steps, at += stride, from += a_stride) {
      Packet lhs[std::size_t{Vectors}];
      unroll<full>([&](auto i) AE_INLINED { lhs[i] = ploadu<Packet>(from + i * B::width); });
      const Last last_lhs = ploadu<Last>(from + full * B::width);
      if constexpr (Packs) {
        unroll<full>([&](auto i) AE_INLINED { pstore(packed + i * B::width, lhs[i]); });
        pstore(packed + full * B::width, last_lhs);
        packed += B::MR;
      }
      unroll<B::NR>([&](auto j) AE_INLINED {
        const Packet rhs = pset1<Packet>(columns[j][at]);
        unroll<full>([&](auto i)
                         AE_INLINED { sum[i][j] = Arithmetic::add(lhs[i], rhs, sum[i][j]); });
        last[j] = Arithmetic::add(last_lhs, pset1<Last>(columns[j][at]), last[j]);
      });
    }
  };
  // Two loops, each with a number of steps that the processor foresees.
  const Index few = std::min<Index>(24, depth / B::NR);
  for (Index j = 0; j < B::NR; ++j) {
    prefetches.prefetch(j);
    prefetches.claim(j - 1);
    deferred.store(j);
    multiply(few);
  }
  prefetches.claim(B::NR - 1);
  multiply(depth - few * B::NR);
  unroll<B::NR>([&](auto j) AE_INLINED {
    unroll<full>([&](auto i) AE_INLINED { pstore(c + j * c_stride + i * B::width, sum[i][j]); });
    pstore(c + j * c_stride + full * B::width, last[j]);
  });
}

/// The micro-kernel for a panel of 1 to MR rows.
template <class Arithmetic, class Scalar>
void micro_kernel(Index rows, Index depth, const RowPanel<Scalar>& a, const ColumnPanel<Scalar>& b,
                  Scalar* c, Index c_stride, const PrefetchList& prefetches,
                  const DeferredStore<Scalar>& deferred) {
  using B = Blocking<Scalar>;
  if (a.packed != nullptr) {
    micro_kernel<Arithmetic, Scalar, B::vectors, typename B::Packet, true>(depth, a, b, c, c_stride,
                                                                           prefetches, deferred);
    return;
  }
  unroll<B::vectors>([&](auto i) {
    const Index left = rows - i * B::width;
    if (left < 1 || left > B::width) return;
    if (left > B::half_width) {
      micro_kernel<Arithmetic, Scalar, i + 1, typename B::Packet>(depth, a, b, c, c_stride,
                                                                  prefetches, deferred);
    } else {
      micro_kernel<Arithmetic, Scalar, i + 1, typename B::Half>(depth, a, b, c, c_stride,
                                                                prefetches, deferred);
    }
  });
}

AE_PACKETS_END

}  // namespace ae::inline AE_ABI::detail

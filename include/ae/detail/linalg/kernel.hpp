#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "ae/detail/linalg/arithmetic.hpp"
#include "ae/detail/linalg/deferred_store.hpp"
#include "ae/detail/linalg/prefetch_list.hpp"

/// The innermost loop of the matrix product, in the vocabulary of Goto and van de Geijn, "Anatomy
/// of high-performance matrix multiplication", ACM TOMS 34(3), 2008, and of BLIS (Van Zee and van
/// de Geijn, ACM TOMS 41(3), 2015): a micro-kernel computes one tile of the result, a panel of MR
/// rows times a panel of NR columns, in registers.
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

/// c = a * b over the whole depth. Of a, `Vectors` packets are read for each k. c has NR columns,
/// `c_stride` apart, of which these packets are written. Every element of c is one chain of
/// additions by `Arithmetic` in the order of k, so its bits depend on nothing but its row of a and
/// its column of b.
///
/// The columns of `prefetches` are prefetched, then claimed, and those of `deferred` stored, a few
/// multiplications apart. `Packs` is whether a.packed is written.
template <class Arithmetic, class Scalar, Index Vectors, bool Packs>
void micro_kernel(Index depth, const RowPanel<Scalar>& a, const ColumnPanel<Scalar>& b, Scalar* c,
                  Index c_stride, const PrefetchList& prefetches,
                  const DeferredStore<Scalar>& deferred) {
  using namespace Eigen::internal;
  using B = Blocking<Scalar>;
  using Packet = typename B::Packet;
  Packet sum[std::size_t{Vectors}][std::size_t{B::NR}];
  unroll<B::NR>([&](auto j) AE_INLINED {
    unroll<Vectors>([&](auto i) AE_INLINED { sum[i][j] = pset1<Packet>(Scalar{0}); });
  });
  const auto columns = b.columns;
  const Scalar* from = a.first;
  [[maybe_unused]] Scalar* packed = a.packed;
  Index at = 0;
  const Index stride = b.stride, a_stride = a.stride;
  const auto multiply = [&](Index steps) AE_INLINED {
    for (; steps > 0; --steps, at += stride, from += a_stride) {
      Packet lhs[std::size_t{Vectors}];
      unroll<Vectors>([&](auto i) AE_INLINED { lhs[i] = ploadu<Packet>(from + i * B::width); });
      if constexpr (Packs) {
        unroll<Vectors>([&](auto i) AE_INLINED { pstore(packed + i * B::width, lhs[i]); });
        packed += B::MR;
      }
      unroll<B::NR>([&](auto j) AE_INLINED {
        const Packet rhs = pset1<Packet>(columns[j][at]);
        unroll<Vectors>([&](auto i)
                            AE_INLINED { sum[i][j] = Arithmetic::add(lhs[i], rhs, sum[i][j]); });
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
    unroll<Vectors>([&](auto i) AE_INLINED { pstore(c + j * c_stride + i * B::width, sum[i][j]); });
  });
}

/// The micro-kernels of one arithmetic, for panels of 1 to MR rows.
template <class Scalar>
struct MicroKernels {
  using B = Blocking<Scalar>;
  using Kernel = decltype(&micro_kernel<MultiplyAdd, Scalar, 1, false>);

  Kernel packing;
  std::array<Kernel, std::size_t{B::vectors}> of_vectors;

  template <class Arithmetic>
  static const MicroKernels& with() {
    static constexpr MicroKernels kernels =
        make<Arithmetic>(std::make_index_sequence<B::vectors>());
    return kernels;
  }

  Kernel of(Index rows, const RowPanel<Scalar>& a) const {
    return a.packed != nullptr ? packing
                               : of_vectors[static_cast<std::size_t>((rows - 1) / B::width)];
  }

 private:
  template <class Arithmetic, std::size_t... I>
  static constexpr MicroKernels make(std::index_sequence<I...>) {
    return {micro_kernel<Arithmetic, Scalar, B::vectors, true>,
            {micro_kernel<Arithmetic, Scalar, Index{I} + 1, false>...}};
  }
};

AE_PACKETS_END

}  // namespace ae::inline AE_ABI::detail

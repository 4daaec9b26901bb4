#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/linalg/blocking.hpp"
#include "ae/detail/linalg/unroll.hpp"

/// Matrix times one column. Every element of the matrix is read once, so the memory's bandwidth is
/// the limit, and nothing is packed: the kernel goes through the matrix column by column, with as
/// many rows at once as there are registers for the result.
namespace ae::inline AE_ABI::detail {

AE_PACKETS_BEGIN

/// Rows that the vector kernel takes at most.
template <class Scalar>
constexpr Index vector_kernel_rows = Blocking<Scalar>::MR* Blocking<Scalar>::NR;

/// y = a * x for `Panels` panels of MR rows, of which the last may be a part, but at least a packet
/// of rows in all: packets that would end past row `rows` overlap those before them. Column k of a
/// begins at a + k * stride. Every element of y is one chain of multiply-adds in the order of k, as
/// in the micro-kernel.
template <class Scalar, Index Panels>
void vector_kernel(Index rows, Index depth, const Scalar* a, Index stride, const Scalar* x,
                   Index x_stride, Scalar* y) {
  using namespace Eigen::internal;
  using B = Blocking<Scalar>;
  using Packet = typename B::Packet;
  constexpr Index whole = (Panels - 1) * B::vectors;
  Index rest[B::vectors];  // where the packets of the last panel begin
  unroll<B::vectors>(
      [&](auto v) AE_INLINED { rest[v] = std::min((whole + v) * B::width, rows - B::width); });
  Packet sum[whole + B::vectors];
  unroll<whole + B::vectors>([&](auto v) AE_INLINED { sum[v] = pset1<Packet>(Scalar{0}); });
  for (Index k = 0; k < depth; ++k, a += stride, x += x_stride) {
    const Packet rhs = pset1<Packet>(*x);
    unroll<whole>(
        [&](auto v) AE_INLINED { sum[v] = pmadd(ploadu<Packet>(a + v * B::width), rhs, sum[v]); });
    unroll<B::vectors>([&](auto v) AE_INLINED {
      sum[whole + v] = pmadd(ploadu<Packet>(a + rest[v]), rhs, sum[whole + v]);
    });
  }
  unroll<whole>([&](auto v) AE_INLINED { pstoreu(y + v * B::width, sum[v]); });
  unroll<B::vectors>([&](auto v) AE_INLINED { pstoreu(y + rest[v], sum[whole + v]); });
}

/// The same for 1 to `vector_kernel_rows` rows.
template <class Scalar>
void vector_kernel(Index rows, Index depth, const Scalar* a, Index stride, const Scalar* x,
                   Index x_stride, Scalar* y) {
  using B = Blocking<Scalar>;
  if (rows < B::width) {
    for (Index i = 0; i < rows; ++i) {
      Scalar sum{0};
      for (Index k = 0; k < depth; ++k) {
        sum = Eigen::internal::pmadd(a[k * stride + i], x[k * x_stride], sum);
      }
      y[i] = sum;
    }
    return;
  }
  const Index panels = ceil_div(rows, B::MR);
  unroll<B::NR>([&](auto p) {
    if (panels == p + 1) vector_kernel<Scalar, p + 1>(rows, depth, a, stride, x, x_stride, y);
  });
}

AE_PACKETS_END

}  // namespace ae::inline AE_ABI::detail

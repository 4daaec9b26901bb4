#pragma once

#include "ae/detail/linalg/kernel.hpp"

/// Matrix times one column. Every element of the matrix is read once, so the memory's bandwidth is
/// the limit, and nothing is packed: the kernel goes through the matrix column by column, with as
/// many rows at once as there are registers for the result.
namespace ae::detail {

/// Rows that the vector kernel takes at most.
template <class Scalar>
constexpr Index vector_kernel_rows = Blocking<Scalar>::MR* Blocking<Scalar>::NR;

/// y = a * x for `Vectors` packets of rows, the last of which ends at row `rows` and may overlap
/// the one before it. Column k of a begins at a + k * stride. Every element of y is one chain of
/// multiply-adds in the order of k, as in the micro-kernel.
template <class Scalar, Index Vectors>
void vector_kernel(Index rows, Index depth, const Scalar* a, Index stride, const Scalar* x,
                   Index x_stride, Scalar* y) {
  using namespace Eigen::internal;
  using Packet = typename Blocking<Scalar>::Packet;
  constexpr Index width = Blocking<Scalar>::width;
  const Index last = rows - width;
  Packet sum[Vectors];
  unroll<Vectors>([&](auto v) AE_INLINED { sum[v] = pset1<Packet>(Scalar{0}); });
  for (Index k = 0; k < depth; ++k, a += stride, x += x_stride) {
    const Packet rhs = pset1<Packet>(*x);
    unroll<Vectors - 1>(
        [&](auto v) AE_INLINED { sum[v] = pmadd(ploadu<Packet>(a + v * width), rhs, sum[v]); });
    sum[Vectors - 1] = pmadd(ploadu<Packet>(a + last), rhs, sum[Vectors - 1]);
  }
  unroll<Vectors - 1>([&](auto v) AE_INLINED { pstoreu(y + v * width, sum[v]); });
  pstoreu(y + last, sum[Vectors - 1]);
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
  const Index vectors = (rows + B::width - 1) / B::width;
  unroll<B::vectors * B::NR>([&](auto v) {
    if (vectors == v + 1) {
      vector_kernel<Scalar, v + 1>(rows, depth, a, stride, x, x_stride, y);
    }
  });
}

}  // namespace ae::detail

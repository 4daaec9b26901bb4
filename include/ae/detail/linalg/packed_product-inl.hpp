#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cfloat>
#include <utility>

#include "ae/detail/core/team.hpp"
#include "ae/detail/linalg/left_block.hpp"
#include "ae/detail/linalg/packed_product.hpp"
#include "ae/detail/linalg/vector_kernel.hpp"

namespace ae::inline AE_ABI::detail {

template <class Scalar>
const MicroKernels<Scalar>& kernels_with(bool pairs) {
  if constexpr (std::is_same_v<Scalar, float>) {
    if (pairs) return MicroKernels<float>::with<DotBfloat16>();
  }
  return MicroKernels<Scalar>::template with<MultiplyAdd>();
}

/// Past the last column its neighbour is multiplied again, and ignored.
template <class Scalar>
ColumnPanel<Scalar> column_panel(const Operand<Scalar>& rhs, Index first, Index last) {
  ColumnPanel<Scalar> panel{{}, rhs.row_stride};
  for (Index j = 0; j < Blocking<Scalar>::NR; ++j) {
    panel.columns[static_cast<std::size_t>(j)] = rhs.at(0, std::min(first + j, last));
  }
  return panel;
}

template <class Scalar>
void PackedProduct<Scalar>::compute(const Task& task, const Epilogue& epilogue) {
  if constexpr (std::is_same_v<Scalar, float>) {
    if (rounds(task)) return multiply(rounded(task), epilogue);
  }
  multiply(task, epilogue);
}

template <class Scalar>
void PackedProduct<Scalar>::multiply(const Task& task, const Epilogue& epilogue) {
  if (task.m == 0 || task.n == 0) return;
  const int threads = threads_for(task);
  prepare(task, threads);
  with_helpers(threads, [&](int thread) { run(task, thread, threads, epilogue); });
}

/// To round takes a time of (m + n) k, and wins one of m n k. A processor that computes in wider
/// registers does not keep the bits of pairs.
template <class Scalar>
bool PackedProduct<Scalar>::rounds(const Task& task) const {
  return precision_ == Precision::bfloat16 && FLT_EVAL_METHOD == 0 &&
         task.m * task.n >= 32 * (task.m + task.n);
}

/// The same product, of its operands rounded, which floats alone are.
template <class Scalar>
auto PackedProduct<Scalar>::rounded(const Task& task) -> Task {
  if constexpr (std::same_as<Scalar, float>) {
    const auto [lhs, rhs] = std::pair(task.lhs, task.rhs);
    lhs_pairs_.prepare({lhs.data, task.m, lhs.row_stride, task.k, lhs.col_stride});
    rhs_pairs_.prepare({rhs.data, task.n, rhs.col_stride, task.k, rhs.row_stride});
  }
  const int threads = threads_for(task);
  shares_.divide(threads);
  with_helpers(threads, [&](int thread) {
    shares_.take(thread, [&](Index share) {
      lhs_pairs_.pair(share, threads);
      rhs_pairs_.pair(share, threads);
    });
  });
  return paired(task, lhs_pairs_.pairs(), rhs_pairs_.pairs());
}

template <class Scalar>
int PackedProduct<Scalar>::threads_for(const Task& task) {
  const double work =
      static_cast<double>(task.m) * static_cast<double>(task.n) * static_cast<double>(task.k);
  if (work < 2 * least_work) return 1;
  return static_cast<int>(std::min<double>(most_threads(), work / least_work));
}

template <class Scalar>
void PackedProduct<Scalar>::prepare(const Task& task, int threads) {
  const auto count = static_cast<std::size_t>(threads);
  if (buffers_.size() < count) buffers_.resize(count);
  if (task.is_vector()) {
    shares_.divide(threads);
    return;
  }
  taken_.assign(static_cast<std::size_t>(Partition::run_count(threads)), {});
  const Index rows = std::min(Block::height(task.k), ceil_div(task.m, B::MR) * B::MR);
  for (std::size_t t = 0; t < count; ++t) {
    buffers_[t].deferred = {};
    if (buffers_[t].lhs.size() < rows * task.k) buffers_[t].lhs.resize(rows * task.k);
  }
}

template <class Scalar>
void PackedProduct<Scalar>::run(const Task& task, Index thread, Index threads,
                                const Epilogue& epilogue) {
  Buffers& buffers = buffers_[static_cast<std::size_t>(thread)];
  if (task.is_vector()) {
    shares_.take(thread,
                 [&](Index share) { multiply_vector(task, share, threads, buffers, epilogue); });
    return;
  }
  const Index height = threads > 1 && task.m >= task.n ? B::MR : Block::height(task.k);
  Block block(task.lhs, task.k, task.n <= B::NR, buffers.lhs.data());
  Partition(task.m, task.n, height, task.tile_cols(), B::width)
      .for_each_tile(thread, threads, taken_, [&](Range rows, Range cols) {
        block.hold(rows);
        macro_kernel(task, block, cols, threads > 1, buffers, epilogue);
      });
  buffers.deferred.store();
  buffers.deferred = {};
}

template <class Scalar>
void PackedProduct<Scalar>::multiply_vector(const Task& task, Index share, Index shares,
                                            Buffers& buffers, const Epilogue& epilogue) {
  const Index panels = ceil_div(task.m, B::MR);
  const Index end = std::min(panels * (share + 1) / shares * B::MR, task.m);
  for (Index i = panels * share / shares * B::MR; i < end;) {
    const Index rows = std::min(end - i, vector_kernel_rows<Scalar>);
    vector_kernel(rows, task.k, task.lhs.at(i, 0), task.lhs.col_stride, task.rhs.data,
                  task.rhs.row_stride, buffers.tile.data());
    for (Index j = 0; j < rows; j += B::MR) {
      finish(task, buffers.tile.data() + j, {i + j, std::min(B::MR, rows - j)}, {0, 1}, epilogue)
          .store();
    }
    i += rows;
  }
}

template <class Scalar>
void PackedProduct<Scalar>::macro_kernel(const Task& task, const Block& block, Range cols,
                                         bool with_others, Buffers& buffers,
                                         const Epilogue& epilogue) {
  const MicroKernels<Scalar>& kernels = kernels_with<Scalar>(task.pairs);
  const Index stride = task.tile_stride;
  const PrefetchList nothing(false);
  for (Index i = 0; i < block.rows().size; i += B::MR) {
    const Range here{block.rows().first + i, std::min(B::MR, block.rows().size - i)};
    PrefetchList prefetches(with_others);
    epilogue.add_prefetches(here, {cols.first, std::min(B::NR, cols.size)}, prefetches);
    if (task.stores()) prefetches.add(task.dst, here, cols);
    Scalar* const tile = buffers.tile.data();
    const RowPanel<Scalar> panel = block.panel(i, here.size);
    const auto kernel = kernels.of(here.size, panel);
    for (Index j = 0; j < cols.size; j += B::NR) {
      kernel(task.k, panel, column_panel(task.rhs, cols.first + j, task.n - 1), tile + j * stride,
             stride, j == 0 ? prefetches : nothing, buffers.deferred);
      buffers.deferred = {};
    }
    buffers.deferred = finish(task, tile, here, cols, epilogue);
    buffers.tile.swap(buffers.finished);
  }
}

template <class Scalar>
DeferredStore<Scalar> PackedProduct<Scalar>::finish(const Task& task, Scalar* tile, Range rows,
                                                    Range cols, const Epilogue& epilogue) {
  epilogue({tile, rows.size, cols.size, Eigen::OuterStride<>(task.tile_stride)}, rows, cols);
  if (!task.stores()) return {};
  const Index stride = task.dst.outerStride(), tile_stride = task.tile_stride;
  Scalar* place = const_cast<Scalar*>(task.dst.data()) + rows.first + cols.first * stride;
  if (rows.size == B::MR) return {tile, place, stride, cols.size};
  for (Index j = 0; j < cols.size; ++j) {
    copy_packets(tile + j * tile_stride, rows.size, place + j * stride);
  }
  return {};
}

}  // namespace ae::inline AE_ABI::detail

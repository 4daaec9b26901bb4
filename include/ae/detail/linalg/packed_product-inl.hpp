#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/linalg/left_block.hpp"
#include "ae/detail/linalg/packed_product.hpp"
#include "ae/detail/linalg/partition.hpp"
#include "ae/detail/linalg/vector_kernel.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace ae::inline AE_ABI::detail {

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
  if (task.m == 0 || task.n == 0) return;
  const int threads = threads_for(task);
  prepare(threads, task);
#ifdef _OPENMP
  if (threads > 1) {
#pragma omp parallel num_threads(threads)
    run(task, omp_get_thread_num(), omp_get_num_threads(), epilogue);
    return;
  }
#endif
  run(task, 0, 1, epilogue);
}

template <class Scalar>
int PackedProduct<Scalar>::threads_for([[maybe_unused]] const Task& task) {
#ifdef _OPENMP
  if (omp_in_parallel()) return 1;
  const double work =
      static_cast<double>(task.m) * static_cast<double>(task.n) * static_cast<double>(task.k);
  const double most = std::min<double>(omp_get_max_threads(), work / least_work);
  return std::max(1, static_cast<int>(most));
#else
  return 1;
#endif
}

template <class Scalar>
void PackedProduct<Scalar>::prepare(int threads, const Task& task) {
  const auto count = static_cast<std::size_t>(threads);
  if (buffers_.size() < count) buffers_.resize(count);
  if (task.is_vector()) return;
  const Index rows = std::min(Block::height(task.k), ceil_div(task.m, B::MR) * B::MR);
  for (std::size_t t = 0; t < count; ++t) {
    buffers_[t].taken = 0;
    buffers_[t].deferred = {};
    if (buffers_[t].lhs.size() < rows * task.k) buffers_[t].lhs.resize(rows * task.k);
  }
}

template <class Scalar>
void PackedProduct<Scalar>::run(const Task& task, Index thread, Index threads,
                                const Epilogue& epilogue) {
  Buffers& buffers = buffers_[static_cast<std::size_t>(thread)];
  if (task.is_vector()) {
    multiply_vector(task, thread, threads, buffers, epilogue);
    return;
  }
  Buffers& shared = buffers_[static_cast<std::size_t>(thread / 2 * 2)];
  const Index height = threads > 1 && task.m >= task.n ? B::MR : Block::height(task.k);
  Block block(task.lhs, task.k, task.n <= B::NR, buffers.lhs.data());
  Partition(task.m, task.n, height, B::NR, B::width)
      .for_each_tile(thread, threads, shared.taken, [&](Range rows, Range cols) {
        block.hold(rows);
        multiply_panel(task, block, cols, threads > 1, buffers, epilogue);
      });
  buffers.deferred.store();
}

template <class Scalar>
void PackedProduct<Scalar>::multiply_vector(const Task& task, Index thread, Index threads,
                                            Buffers& buffers, const Epilogue& epilogue) {
  const Index panels = ceil_div(task.m, B::MR);
  const Index end = std::min(panels * (thread + 1) / threads * B::MR, task.m);
  for (Index i = panels * thread / threads * B::MR; i < end;) {
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
void PackedProduct<Scalar>::multiply_panel(const Task& task, const Block& block, Range cols,
                                           bool with_others, Buffers& buffers,
                                           const Epilogue& epilogue) {
  const auto panel = column_panel(task.rhs, cols.first, task.n - 1);
  for (Index i = 0; i < block.rows().size; i += B::MR) {
    const Range here{block.rows().first + i, std::min(B::MR, block.rows().size - i)};
    PrefetchList prefetches(with_others);
    epilogue.add_prefetches(here, cols, prefetches);
    if (task.stores()) prefetches.add(task.dst, here, cols);
    micro_kernel(here.size, task.k, block.panel(i, here.size), panel, buffers.tile.data(),
                 prefetches, buffers.deferred);
    buffers.deferred = finish(task, buffers.tile.data(), here, cols, epilogue);
    buffers.tile.swap(buffers.finished);
  }
}

template <class Scalar>
DeferredStore<Scalar> PackedProduct<Scalar>::finish(const Task& task, Scalar* tile, Range rows,
                                                    Range cols, const Epilogue& epilogue) {
  epilogue({tile, rows.size, cols.size, Eigen::OuterStride<>(B::MR)}, rows, cols);
  if (!task.stores()) return {};
  const Index stride = task.dst.outerStride();
  Scalar* place = const_cast<Scalar*>(task.dst.data()) + rows.first + cols.first * stride;
  if (rows.size == B::MR) return {tile, place, stride, cols.size};
  for (Index j = 0; j < cols.size; ++j) {
    copy_packets(tile + j * B::MR, rows.size, place + j * stride);
  }
  return {};
}

}  // namespace ae::inline AE_ABI::detail

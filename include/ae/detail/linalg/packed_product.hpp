#pragma once

#include <algorithm>
#include <vector>

#include "ae/detail/linalg/left_block.hpp"
#include "ae/detail/linalg/partition.hpp"
#include "ae/detail/linalg/product_shapes.hpp"
#include "ae/detail/linalg/vector_kernel.hpp"
#include "ae/linalg/epilogue.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace ae::detail {

/// A product near the processor's peak. It owns the buffers for packing, which grow to the largest
/// product and stay, so an object serves one thread of the caller's at a time.
///
/// Every thread computes its share of the result: it holds a block of the left operand that fits
/// the L2 cache, packed unless it can be read as it lies, goes through the right operand in panels
/// of a few columns, which are read where they are, and finishes each tile of MR x NR while it is
/// in the L1 cache. The depth is never split.
template <class Scalar>
class PackedProduct {
  using B = Blocking<Scalar>;
  using Block = LeftBlock<Scalar>;
  using Epilogue = linalg::EpilogueRef<Scalar>;

 public:
  /// Every tile begins at a multiple of so many rows.
  static constexpr Index tile_rows = B::MR;

  /// dst = lhs * rhs, of shapes (m x n) = (m x k) * (k x n), each part after `epilogue(tile, rows,
  /// cols)` saw it; the epilogue may change the tile. Operands may be transposed or blocks of
  /// larger matrices. Throws ShapeError.
  template <class Dst, class Lhs, class Rhs>
  void operator()(Dst&& dst, const Lhs& lhs, const Rhs& rhs, const Epilogue& epilogue = {}) {
    require_shapes(dst, lhs, rhs);
    compute(task(lhs, rhs, linalg::view(dst)), epilogue);
  }

  /// The same for a result that is never stored: the tiles are all there is of it.
  template <class Lhs, class Rhs>
  void tiles(const Lhs& lhs, const Rhs& rhs, const Epilogue& epilogue) {
    require_shapes(lhs, rhs);
    compute(task(lhs, rhs, linalg::no_view<Scalar>()), epilogue);
  }

 private:
  static constexpr double least_work = 1e5;  // multiply-adds that are worth a thread

  struct Task {
    Operand<Scalar> lhs, rhs;
    Index m, n, k;
    linalg::View<Scalar> dst;

    bool stores() const { return dst.data() != nullptr; }
    /// One column by columns of the left operand that are read where they are.
    bool is_vector() const { return n == 1 && lhs.row_stride == 1; }
  };

  /// 128-byte alignment, two lines that processors fetch at once, avoids false sharing.
  struct alignas(128) Buffers {
    Vector<Scalar> tile = Vector<Scalar>(B::MR * B::NR);
    Vector<Scalar> finished = Vector<Scalar>(B::MR * B::NR);
    DeferredStore<Scalar> deferred;  // of what is finished
    Vector<Scalar> lhs;
    Index taken = 0;  // by this thread and the next one, see Partition
  };

  template <class Lhs, class Rhs>
  static Task task(const Lhs& lhs, const Rhs& rhs, const linalg::View<Scalar>& dst) {
    return {Operand<Scalar>::of(lhs),
            Operand<Scalar>::of(rhs),
            lhs.rows(),
            rhs.cols(),
            lhs.cols(),
            dst};
  }

  void compute(const Task& task, const Epilogue& epilogue) {
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

  static int threads_for([[maybe_unused]] const Task& task) {
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

  void prepare(int threads, const Task& task) {
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

  void run(const Task& task, Index thread, Index threads, const Epilogue& epilogue) {
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

  static void multiply_vector(const Task& task, Index thread, Index threads, Buffers& buffers,
                              const Epilogue& epilogue) {
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

  static void multiply_panel(const Task& task, const Block& block, Range cols, bool with_others,
                             Buffers& buffers, const Epilogue& epilogue) {
    const auto panel = column_panel(task, cols.first);
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

  /// Shows a tile to the epilogue; returns what is left to store of it.
  static DeferredStore<Scalar> finish(const Task& task, Scalar* tile, Range rows, Range cols,
                                      const Epilogue& epilogue) {
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

  /// Past the last column its neighbour is multiplied again, and ignored.
  static ColumnPanel<Scalar> column_panel(const Task& task, Index first) {
    ColumnPanel<Scalar> panel{{}, task.rhs.row_stride};
    for (Index j = 0; j < B::NR; ++j) {
      panel.columns[static_cast<std::size_t>(j)] = task.rhs.at(0, std::min(first + j, task.n - 1));
    }
    return panel;
  }

  std::vector<Buffers> buffers_;  // of each thread
};

}  // namespace ae::detail

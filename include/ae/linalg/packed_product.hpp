#pragma once

#include <algorithm>
#include <vector>

#include "ae/linalg/pack.hpp"
#include "ae/linalg/tile.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace ae {

/// A product near the processor's peak. It owns the buffers for packing, which grow to the largest
/// product and stay, so an object serves one thread of the caller's at a time.
///
/// The result is cut into panels of MR rows and tiles of a few columns. A thread packs a panel of
/// the left operand, multiplies it by its columns of the right one, which is read where it is, and
/// hands each tile on while it is in the nearest cache. The depth is never split.
template <class Scalar>
class PackedProduct {
  using B = linalg::Blocking<Scalar>;

 public:
  /// Every tile begins at a multiple of so many rows.
  static constexpr Index tile_rows = B::MR;

  /// dst = lhs * rhs, of shapes (m x n) = (m x k) * (k x n), each part after `epilogue(tile, rows,
  /// cols)` saw it; the epilogue may change the tile. Operands may be transposed or blocks of
  /// larger matrices. Throws ShapeError.
  template <class Dst, class Lhs, class Rhs, class Epilogue = NoEpilogue>
  void operator()(Dst&& dst, const Lhs& lhs, const Rhs& rhs, Epilogue&& epilogue = {}) {
    linalg::require_shapes(dst, lhs, rhs);
    tiles(lhs, rhs, [&](auto&& tile, Range rows, Range cols) {
      epilogue(tile, rows, cols);
      linalg::store(tile, dst, rows, cols);
    });
  }

  /// The same for a result that is never stored: the tiles are all there is of it.
  template <class Lhs, class Rhs, class Epilogue>
  void tiles(const Lhs& lhs, const Rhs& rhs, Epilogue&& epilogue) {
    linalg::require_shapes(lhs, rhs);
    if (lhs.rows() == 0 || rhs.cols() == 0) return;
    const Task task{linalg::Operand<Scalar>::of(lhs), linalg::Operand<Scalar>::of(rhs), lhs.rows(),
                    rhs.cols(), lhs.cols()};
    const int threads = threads_for(task);
    prepare(threads, task.k);
#ifdef _OPENMP
    if (threads > 1) {
#pragma omp parallel num_threads(threads)
      run(task, omp_get_thread_num(), omp_get_num_threads(), epilogue);
      return;
    }
#endif
    run(task, 0, 1, epilogue);
  }

 private:
  static constexpr Index tile_panels = 1536 / B::MR / B::NR;  // of NR columns: 6 KiB of float
  static constexpr Index tile_size = tile_panels * B::NR * B::MR;
  static constexpr double least_work = 1e5;  // multiply-adds that are worth a thread

  struct Task {
    linalg::Operand<Scalar> lhs, rhs;
    Index m, n, k;

    Index vectors() const { return (m + B::width - 1) / B::width; }
    Index column_panels() const { return (n + B::NR - 1) / B::NR; }
  };

  /// A thread's place in the work: the column panels of row panel 0, then those of row panel 1, ...
  struct Place {
    Index row_panel, column_panel;
  };

  static int threads_for([[maybe_unused]] const Task& task) {
#ifdef _OPENMP
    if (omp_in_parallel()) return 1;
    const double work =
        static_cast<double>(task.m) * static_cast<double>(task.n) * static_cast<double>(task.k);
    return std::max(1, std::min(omp_get_max_threads(), static_cast<int>(work / least_work)));
#else
    return 1;
#endif
  }

  void prepare(int threads, Index depth) {
    const auto count = static_cast<std::size_t>(threads);
    if (buffers_.size() < count) buffers_.resize(count);
    for (std::size_t t = 0; t < count; ++t) {
      if (buffers_[t].size() < tile_size + B::MR * depth) {
        buffers_[t].resize(tile_size + B::MR * depth);
      }
    }
  }

  /// Where share `part` of `parts` begins, the work counted in packets of rows by column panels.
  static Place place_of(const Task& task, Index part, Index parts) {
    const Index panels = task.column_panels();
    const Index begin = task.vectors() * panels * part / parts;
    const Index row_panel = begin / (B::vectors * panels);
    const Index height = std::min(B::vectors, task.vectors() - row_panel * B::vectors);
    const Index within = begin - row_panel * B::vectors * panels;
    return {row_panel, height > 0 ? within / height : 0};
  }

  template <class Epilogue>
  void run(const Task& task, int thread, int threads, Epilogue&& epilogue) {
    Scalar* tile = buffers_[static_cast<std::size_t>(thread)].data();
    Scalar* panel = tile + tile_size;
    const Place begin = place_of(task, thread, threads), end = place_of(task, thread + 1, threads);
    for (Index p = begin.row_panel; p <= end.row_panel && p * B::MR < task.m; ++p) {
      const Index first = p == begin.row_panel ? begin.column_panel : 0;
      const Index last = p == end.row_panel ? end.column_panel : task.column_panels();
      if (first == last) continue;
      const Range rows{p * B::MR, std::min(B::MR, task.m - p * B::MR)};
      const Index vectors = (rows.size + B::width - 1) / B::width;
      linalg::pack(task.lhs, rows.first, rows.size, task.k, vectors * B::width, panel);
      for (Index c = first; c < last; c += tile_panels) {
        const Index begin_col = c * B::NR, end_col = std::min(last, c + tile_panels) * B::NR;
        const Range cols{begin_col, std::min(end_col, task.n) - begin_col};
        multiply(task, vectors, panel, cols, tile);
        finish(tile, rows, cols, epilogue);
      }
    }
  }

  /// tile = panel * columns. Past the last column its neighbour is multiplied again, and ignored.
  static void multiply(const Task& task, Index vectors, const Scalar* panel, Range cols,
                       Scalar* tile) {
    for (Index j = 0; j < cols.size; j += B::NR, tile += B::NR * B::MR) {
      linalg::ColumnPanel<Scalar> b;
      b.stride = task.rhs.row_stride;
      for (Index c = 0; c < B::NR; ++c) {
        const Index col = std::min(cols.first + j + c, task.n - 1);
        b.columns[static_cast<std::size_t>(c)] = task.rhs.at(0, col);
      }
      linalg::micro_kernel(vectors, task.k, panel, b, tile);
    }
  }

  /// Full tiles have their height at compile time, so that expressions on them need no tails.
  template <class Epilogue>
  static void finish(Scalar* tile, Range rows, Range cols, Epilogue&& epilogue) {
    if (rows.size == B::MR) {
      using Full = Eigen::Matrix<Scalar, B::MR, Eigen::Dynamic>;
      epilogue(Eigen::Map<Full, Eigen::AlignedMax>(tile, B::MR, cols.size), rows, cols);
    } else {
      using Part = Eigen::Map<Matrix<Scalar>, Eigen::AlignedMax, Eigen::OuterStride<B::MR>>;
      epilogue(Part(tile, rows.size, cols.size), rows, cols);
    }
  }

  std::vector<Vector<Scalar>> buffers_;  // of each thread: a tile, then a packed panel
};

}  // namespace ae

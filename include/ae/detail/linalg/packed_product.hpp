#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cfloat>
#include <concepts>
#include <vector>

#include "ae/detail/core/shares.hpp"
#include "ae/detail/linalg/deferred_store.hpp"
#include "ae/detail/linalg/operand.hpp"
#include "ae/detail/linalg/paired_operand.hpp"
#include "ae/detail/linalg/partition.hpp"
#include "ae/detail/linalg/product_shapes.hpp"
#include "ae/linalg/epilogue.hpp"
#include "ae/linalg/precision.hpp"
#include "ae/linalg/rounded_operand.hpp"

namespace ae::inline AE_ABI::detail {

template <class Scalar>
class LeftBlock;

/// A product near the processor's peak. It owns the buffers for packing, which grow to the largest
/// product and stay, so an object serves one thread of the caller's at a time.
///
/// Every thread computes its share of the result: it holds a block of the left operand that fits
/// the L2 cache, packed unless it can be read as it lies, goes through the right operand in panels
/// of a few columns, which are read where they are, and finishes each tile while it is in the L1
/// cache. A tile is MR x NR, or wider where the result has few rows. The depth k is not split.
template <class Scalar>
class PackedProduct {
  using B = Blocking<Scalar>;
  using Block = LeftBlock<Scalar>;
  using Epilogue = linalg::EpilogueRef<Scalar>;

 public:
  /// Every tile begins at a multiple of so many rows.
  static constexpr Index tile_rows = B::MR;

  /// Sets the precision to which the operands of later products are rounded. Doubles keep theirs,
  /// and so do floats in products so small that rounding takes longer than it saves.
  void set_precision(Precision precision) { precision_ = precision; }

  /// dst = lhs * rhs, of shapes (m x n) = (m x k) * (k x n). Calls `epilogue(tile, rows, cols)` on
  /// each finished tile, which it may change, and then stores the tile. Operands may be transposed
  /// or blocks of larger matrices. Throws ShapeError.
  template <class Dst, class Lhs, class Rhs>
  void operator()(Dst&& dst, const Lhs& lhs, const Rhs& rhs, const Epilogue& epilogue = {}) {
    require_shapes(dst, lhs, rhs);
    compute(task(lhs, rhs, linalg::view(dst)), epilogue);
  }

  /// dst = lhs * rhs for floats that were rounded to bfloat16 before. Throws ShapeError. There is
  /// no such product where floats are computed in wider registers, which do not keep their bits.
  template <class Dst>
  void operator()(
      Dst&& dst, const linalg::RoundedLeft& lhs, const linalg::RoundedRight& rhs,
      const Epilogue& epilogue = {}) requires(std::same_as<Scalar, float>&& FLT_EVAL_METHOD == 0) {
    require_shapes(dst, lhs, rhs);
    multiply(task(lhs, rhs, linalg::view(dst)), epilogue);
  }

  /// Gives the tiles of lhs * rhs to the epilogue and stores none of them. Throws ShapeError.
  template <class Lhs, class Rhs>
  void tiles(const Lhs& lhs, const Rhs& rhs, const Epilogue& epilogue) {
    require_shapes(lhs, rhs);
    compute(task(lhs, rhs, linalg::no_view<Scalar>()), epilogue);
  }

 private:
  static constexpr double least_work = 3.5e5;  // multiply-adds that are worth a thread

  struct Task {
    Operand<Scalar> lhs, rhs;
    Index m, n, k;
    linalg::View<Scalar> dst;
    Index tile_stride;   // how far apart the columns of a tile are
    bool pairs = false;  // bfloat16: elements k and k + 1 of an operand in the bits of one float

    bool stores() const { return dst.data() != nullptr; }
    /// Matrix times vector (GEMV), whose left operand is read where it lies.
    bool is_vector() const { return n == 1 && lhs.row_stride == 1 && !pairs; }
    /// How many columns go into one tile: more than NR where the result has few rows, as every tile
    /// has its costs.
    Index tile_cols() const { return B::MR / tile_stride * B::NR; }
  };

  /// 128-byte alignment, two lines that processors fetch at once, avoids false sharing.
  struct alignas(128) Buffers {
    Vector<Scalar> tile = Vector<Scalar>(B::MR * B::NR);
    Vector<Scalar> finished = Vector<Scalar>(B::MR * B::NR);
    DeferredStore<Scalar> deferred;  // of what is finished
    Vector<Scalar> lhs;
  };

  template <class Lhs, class Rhs>
  static Task task(const Lhs& lhs, const Rhs& rhs, const linalg::View<Scalar>& dst) {
    return {
        Operand<Scalar>::of(lhs), Operand<Scalar>::of(rhs), lhs.rows(), rhs.cols(), lhs.cols(), dst,
        tile_stride(lhs.rows())};
  }

  static Task task(const linalg::RoundedLeft& lhs, const linalg::RoundedRight& rhs,
                   const linalg::View<Scalar>& dst) requires std::same_as<Scalar, float> {
    return paired({{}, {}, lhs.rows(), rhs.cols(), lhs.cols(), dst, tile_stride(lhs.rows())},
                  lhs.pairs(), rhs.pairs());
  }
  /// The same product, of pairs, which floats alone have. No constraint says so, as clang before 16
  /// compiles constrained members too where all of a class is instantiated.
  static Task paired(Task task, [[maybe_unused]] const Side& lhs,
                     [[maybe_unused]] const Side& rhs) {
    if constexpr (std::same_as<Scalar, float>) {
      task.lhs = {lhs.data, lhs.size_stride, lhs.depth_stride};
      task.rhs = {rhs.data, rhs.depth_stride, rhs.size_stride};
      task.k = lhs.depth;
      task.pairs = true;
    }
    return task;
  }
  static Index tile_stride(Index rows) { return std::min(B::MR, whole_packets<Scalar>(rows)); }

  void compute(const Task& task, const Epilogue& epilogue);
  void multiply(const Task& task, const Epilogue& epilogue);
  bool rounds(const Task& task) const;
  Task rounded(const Task& task);
  static int threads_for(const Task& task);
  void prepare(const Task& task, int threads);

  /// The part of a product that one thread computes.
  void run(const Task& task, Index thread, Index threads, const Epilogue& epilogue);
  static void multiply_vector(const Task& task, Index share, Index shares, Buffers& buffers,
                              const Epilogue& epilogue);
  static void macro_kernel(const Task& task, const Block& block, Range cols, bool with_others,
                           Buffers& buffers, const Epilogue& epilogue);

  /// Shows a tile to the epilogue; returns what is left to store of it.
  static DeferredStore<Scalar> finish(const Task& task, Scalar* tile, Range rows, Range cols,
                                      const Epilogue& epilogue);

  Precision precision_ = Precision::full;
  PairedOperand lhs_pairs_, rhs_pairs_;
  std::vector<Buffers> buffers_;    // of each thread
  std::vector<TakenPieces> taken_;  // of each run of tiles
  Shares shares_;                   // of a GEMV, and of rounding operands
};

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/linalg/packed_product-inl.hpp"
#endif

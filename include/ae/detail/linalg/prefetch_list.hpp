#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>
#include <cstddef>
#include <type_traits>

#include "ae/detail/core/compiler.hpp"
#include "ae/linalg/view.hpp"

namespace ae::inline AE_ABI::detail {

/// A view of what all threads read in other products, see `linalg::shared`.
template <class View>
concept Shared = View::shared;

/// What an epilogue will read and write beside a tile: the same columns of a few other matrices. A
/// micro-kernel prefetches them column by column while the processor is busy with arithmetic.
class PrefetchList {
 public:
  /// Whether other threads work at the same product.
  explicit PrefetchList(bool with_others) : with_others_(with_others) {}

  /// Rows and columns of a matrix that a view shows; what is past the first few views is not
  /// prefetched.
  template <class View>
  void add(const View& matrix, Range rows, Range cols) {
    constexpr bool written = !std::is_const_v<std::remove_pointer_t<typename View::PointerType>>;
    constexpr auto size = static_cast<Index>(sizeof(typename View::Scalar));
    const Index stride = matrix.outerStride();
    add({reinterpret_cast<const char*>(matrix.data() + rows.first + cols.first * stride),
         stride * size, rows.size * size - 1, written, Shared<View>},
        cols.size);
  }

  /// Asks for column j of all, and for the right to write it where it may be written.
  EIGEN_ALWAYS_INLINE void prefetch(Index j) const {
    if (j >= columns_) return;
    for (std::size_t i = 0; i < count_; ++i) {
      const Block& block = blocks_[i];
      const char* line = block.first + j * block.stride;
      const char* last = line + block.last;
      if (block.written) {
        for (; line < last; line += 64) prefetch_to_write(line);
        prefetch_to_write(last);
      } else {
        for (; line < last; line += 64) prefetch_to_read(line);
        prefetch_to_read(last);
      }
    }
  }

  /// Requests exclusive ownership of column j of what is shared early. A core that writes a line
  /// which others have read waits until they have dropped it, and on some processors prefetching
  /// for a write does not begin that: only a write does. So this writes what is there.
  EIGEN_ALWAYS_INLINE void claim(Index j) const {
    if (!with_others_ || j < 0 || j >= columns_) return;
    for (std::size_t i = 0; i < count_; ++i) {
      const Block& block = blocks_[i];
      if (!block.shared) continue;
      const char* line = block.first + j * block.stride;
      const char* last = line + block.last;
      for (; line < last; line += 64) rewrite(line);
      rewrite(last);
    }
  }

 private:
  struct Block {
    const char* first;
    Index stride, last;  // bytes from column to column, and to a column's last byte
    bool written, shared;
  };

  void add(const Block& block, Index columns) {
    if (count_ == blocks_.size()) return;
    blocks_[count_++] = block;
    columns_ = columns;
  }

  EIGEN_ALWAYS_INLINE static void rewrite(const char* at) {
    volatile char& byte = *const_cast<char*>(at);
    byte = byte;
  }

  bool with_others_;
  std::array<Block, 5> blocks_;
  std::size_t count_ = 0;
  Index columns_ = 0;
};

}  // namespace ae::inline AE_ABI::detail

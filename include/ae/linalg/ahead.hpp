#pragma once

#include <array>
#include <type_traits>

#include "ae/core/types.hpp"

namespace ae::linalg {

/// What an epilogue will read and write beside a tile: the same columns of a few other matrices. A
/// micro-kernel fetches them column by column while the processor is busy with arithmetic.
class Ahead {
 public:
  /// Rows and columns of a matrix that a view shows; what is past the first few views is not
  /// fetched.
  template <class View>
  void add(const View& matrix, Range rows, Range cols) {
    using Scalar = typename View::Scalar;
    constexpr Index size = static_cast<Index>(sizeof(Scalar));
    if (count_ == blocks_.size()) return;
    const Scalar* first = matrix.data() + rows.first + cols.first * matrix.outerStride();
    blocks_[count_++] = {reinterpret_cast<const char*>(first), matrix.outerStride() * size,
                         rows.size * size - 1,
                         !std::is_const_v<std::remove_pointer_t<typename View::PointerType>>};
    columns_ = cols.size;
  }

  /// Asks for column j of all, and for the right to write it where it may be written.
  EIGEN_ALWAYS_INLINE void fetch([[maybe_unused]] Index j) const {
#ifdef __GNUC__
    if (j >= columns_) return;
    for (std::size_t i = 0; i < count_; ++i) {
      const Block& block = blocks_[i];
      const char* line = block.first + j * block.stride;
      const char* last = line + block.last;
      if (block.written) {
        for (; line < last; line += 64) __builtin_prefetch(line, 1);
        __builtin_prefetch(last, 1);
      } else {
        for (; line < last; line += 64) __builtin_prefetch(line, 0);
        __builtin_prefetch(last, 0);
      }
    }
#endif
  }

 private:
  struct Block {
    const char* first;
    Index stride, last;  // bytes from column to column, and to a column's last byte
    bool written;
  };

  std::array<Block, 5> blocks_;
  std::size_t count_ = 0;
  Index columns_ = 0;
};

}  // namespace ae::linalg

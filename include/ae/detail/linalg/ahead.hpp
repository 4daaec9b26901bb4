#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include "ae/core/types.hpp"

namespace ae::detail {

/// A view of what all threads read in other products, see `shared`.
template <class View>
concept Shared = View::shared;

template <class View>
concept Written = !std::is_const_v<std::remove_pointer_t<typename View::PointerType>>;

/// What an epilogue will read and write beside a tile: the same columns of a few other matrices. A
/// micro-kernel fetches them column by column while the processor is busy with arithmetic.
class Ahead {
 public:
  /// Whether other threads work at the same product.
  explicit Ahead(bool with_others) : with_others_(with_others) {}

  /// Rows and columns of a matrix that a view shows; what is past the first few views is not
  /// fetched.
  template <class View>
  void add(const View& matrix, Range rows, Range cols) {
    using Scalar = typename View::Scalar;
    constexpr Index size = static_cast<Index>(sizeof(Scalar));
    if (count_ == blocks_.size()) return;
    const Scalar* first = matrix.data() + rows.first + cols.first * matrix.outerStride();
    blocks_[count_++] = {reinterpret_cast<const char*>(first), matrix.outerStride() * size,
                         rows.size * size - 1, Written<View>, Shared<View>};
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

  /// Takes column j of what is shared away from the other cores. A core that writes a line which
  /// others have read waits until they have dropped it, and on some processors prefetching for a
  /// write does not begin that: only a write does. So this writes what is there.
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
  EIGEN_ALWAYS_INLINE static void rewrite(const char* at) {
    volatile char& byte = *const_cast<char*>(at);
    byte = byte;
  }

  struct Block {
    const char* first;
    Index stride, last;  // bytes from column to column, and to a column's last byte
    bool written, shared;
  };

  bool with_others_;
  std::array<Block, 5> blocks_;
  std::size_t count_ = 0;
  Index columns_ = 0;
};

}  // namespace ae::detail

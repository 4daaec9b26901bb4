#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "ae/detail/core/ceil_div.hpp"
#include "ae/detail/core/padded_matrix.hpp"
#include "ae/detail/linalg/bfloat16_pairs.hpp"

namespace ae::inline AE_ABI::detail {

/// A matrix as one side of a product sees it: `size` rows of a left operand, or columns of a right
/// one, along a depth.
struct Side {
  const float* data;
  Index size, size_stride;
  Index depth, depth_stride;
};

/// A side rounded to pairs of bfloat16 that follow each other along the depth. What lay side by
/// side in memory does so again. The buffer grows to the largest and stays.
class PairedOperand {
 public:
  /// Makes room; to be called before `pair`.
  void prepare(const Side& from) {
    from_ = from;
    const Index pairs = ceil_div(from.depth, Index{2});
    along_ = from.depth_stride == 1;
    stride_ = padded<float>(along_ ? pairs : from.size);
    columns_ = along_ ? from.size : pairs;
    if (buffer_.size() < stride_ * columns_) buffer_.resize(stride_ * columns_);
    if (!along_ && from.depth % 2 == 1 && zeros_.size() < from.size) zeros_.setZero(from.size);
  }

  /// One share of the work.
  void pair(Index share, Index shares) {
    for (Index j = columns_ * share / shares; j < columns_ * (share + 1) / shares; ++j) {
      float* const to = buffer_.data() + j * stride_;
      if (along_) {
        pair_neighbors(from_.data + j * from_.size_stride, from_.depth, to);
      } else {
        pair_numbers(2 * j, to);
      }
    }
  }

  /// The rounded number at a place of the side, `at` along the depth.
  float number(Index place, Index at) const {
    const Side side = pairs();
    const float pair = side.data[place * side.size_stride + at / 2 * side.depth_stride];
    const auto bits = std::bit_cast<std::uint32_t>(pair);
    return std::bit_cast<float>(at % 2 == 0 ? bits << 16U : bits & 0xffff0000U);
  }

  Side pairs() const {
    const Index depth = ceil_div(from_.depth, Index{2});
    return along_ ? Side{buffer_.data(), from_.size, stride_, depth, 1}
                  : Side{buffer_.data(), from_.size, 1, depth, stride_};
  }

 private:
  /// The numbers k and k + 1 along the depth, for all of the size.
  void pair_numbers(Index k, float* to) const {
    const float* const low = from_.data + k * from_.depth_stride;
    const bool alone = k + 1 == from_.depth;
    const float* const high = alone ? zeros_.data() : low + from_.depth_stride;
    if (from_.size_stride == 1) {
      pair_columns(low, high, from_.size, to);
      return;
    }
    for (Index i = 0; i < from_.size; ++i) {
      to[i] = bfloat16_pair(low[i * from_.size_stride], alone ? 0 : high[i * from_.size_stride]);
    }
  }

  Side from_{};
  bool along_ = false;  // whether columns of the buffer are along the depth, or across it
  Index stride_ = 0, columns_ = 0;
  Vector<float> buffer_, zeros_;
};

}  // namespace ae::inline AE_ABI::detail

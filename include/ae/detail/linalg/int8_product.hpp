#pragma once

#include "ae/detail/core/abi.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "ae/detail/linalg/int8_lanes.hpp"
#include "ae/detail/linalg/vector_product.hpp"

namespace ae::inline AE_ABI::detail {

/// Weights in 8 bits. Two numbers that follow each other along the depth lie side by side for each
/// row, as the processor multiplies them.
template <>
class VectorProduct<float, Int8> {
 public:
  /// A column in whole numbers, of which each stands for `scale` times itself.
  struct Input {
    std::vector<std::int16_t> numbers;
    float scale = 0;

    /// Makes room for columns of such a depth.
    void prepare(Index depth) {
      const auto padded = static_cast<std::size_t>(ceil_div(depth, step) * step);
      if (numbers.size() < padded) numbers.resize(padded);
    }
  };

  explicit VectorProduct(const ConstMatrixRef<float>& weight)
      : depth_(weight.cols()),
        pairs_(ceil_div(depth_, Index{2})),
        blocks_(weight.rows(), Int8Lanes::count, most),
        scales_(Vector<float>::Zero(blocks_.padded_rows())),
        words_(static_cast<std::size_t>(2 * pairs_ * blocks_.padded_rows())) {
    for (Index row = 0; row < rows(); ++row) {
      scales_[row] = weight.row(row).cwiseAbs().maxCoeff<Eigen::PropagateNaN>() / largest_weight;
    }
    std::int8_t* to = words_.data();
    blocks_.for_each(0, 1, [&](Index first, Index units) {
      for (Index k = 0; k < 2 * pairs_; k += 2) {
        for (Index i = first * Int8Lanes::count; i < (first + units) * Int8Lanes::count; ++i) {
          *to++ = rounded(weight, i, k);
          *to++ = rounded(weight, i, k + 1);
        }
      }
    });
  }

  Index rows() const { return blocks_.rows(); }
  Index depth() const { return depth_; }
  Index padded_rows() const { return blocks_.padded_rows(); }

  /// A column with a number that is not finite is one of NaN.
  void enter(const float* x, Input& input) const {
    const Eigen::Map<const Vector<float>> column(x, depth_);
    const float largest = column.cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
    std::int16_t* const to = input.numbers.data();
    if (!std::isfinite(largest)) {
      input.scale = std::numeric_limits<float>::quiet_NaN();
      std::fill_n(to, 2 * pairs_, std::int16_t{0});
      return;
    }
    input.scale = largest / static_cast<float>(largest_input());
    const float factor = input.scale > std::numeric_limits<float>::min() ? 1 / input.scale : 0;
    Index k = 0;
    for (; k + step <= depth_; k += step) {
      for (Index i = 0; i < step; ++i) to[k + i] = nearest(x[k + i] * factor);
    }
    for (; k < depth_; ++k) to[k] = nearest(x[k] * factor);
    if (depth_ % 2 == 1) to[depth_] = 0;
  }

  /// y = weight * x for share `part` of `parts`; `finish(rows)` after each block.
  template <class Finish>
  void operator()(Index part, Index parts, const Input& x, float* y, const Finish& finish) const {
    blocks_.for_each(part, parts, [&](Index first, Index units) {
      const Index row = first * Int8Lanes::count;
      const std::int8_t* words = words_.data() + 2 * pairs_ * row;
      unroll<most>([&](auto i) {
        if (units == i + 1) multiply<i + 1>(words, x, scales_.data() + row, y + row);
      });
      finish(blocks_.rows_of(first, units));
    });
  }

 private:
  static constexpr Index most = 12;  // units of a block, whose sums stay in registers
  static constexpr Index step = 16;
  static constexpr float largest_weight = 127;

  /// Sums of so many products fit 32 bits.
  std::int32_t largest_input() const {
    const auto most_of_sum = static_cast<Index>(std::numeric_limits<std::int32_t>::max());
    return static_cast<std::int32_t>(
        std::clamp<Index>(most_of_sum / (127 * std::max<Index>(depth_, 1)), 1, 32767));
  }

  /// Ties to even, of numbers of less than 2^15: the sum's lowest bits are the whole number.
  static std::int16_t nearest(float value) {
    return static_cast<std::int16_t>(std::bit_cast<std::int32_t>(value + 0x1.8p23F));
  }

  std::int8_t rounded(const ConstMatrixRef<float>& weight, Index row, Index k) const {
    if (row >= rows() || k >= depth_) return 0;
    const float scale = scales_[row];
    const bool fits = std::isfinite(scale) && scale > std::numeric_limits<float>::min();
    return fits ? static_cast<std::int8_t>(nearest(weight(row, k) / scale)) : std::int8_t{0};
  }

  template <Index Units>
  void multiply(const std::int8_t* words, const Input& x, const float* scales, float* y) const {
    Int8Lanes::Sums sums[std::size_t{Units}];
    unroll<Units>([&](auto unit) AE_INLINED { sums[unit] = Int8Lanes::zero(); });
    for (Index k = 0; k < pairs_; ++k, words += 2 * Units * Int8Lanes::count) {
      const auto pair = Int8Lanes::broadcast(x.numbers.data() + 2 * k);
      unroll<Units>([&](auto unit) AE_INLINED {
        sums[unit] = Int8Lanes::add(words + 2 * unit * Int8Lanes::count, pair, sums[unit]);
      });
    }
    unroll<Units>([&](auto unit) AE_INLINED {
      Int8Lanes::store(sums[unit], x.scale, scales + unit * Int8Lanes::count,
                       y + unit * Int8Lanes::count);
    });
  }

  Index depth_, pairs_;
  RowBlocks blocks_;
  Vector<float> scales_;
  std::vector<std::int8_t> words_;
};

}  // namespace ae::inline AE_ABI::detail

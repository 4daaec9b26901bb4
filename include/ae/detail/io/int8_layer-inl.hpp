#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/int8_layer.hpp"

namespace ae::inline AE_ABI::detail {

/// Ties to even, of numbers of less than 2^15: the sum's lowest bits are the whole number.
inline std::int16_t nearest_int16(float value) {
  return static_cast<std::int16_t>(std::bit_cast<std::uint32_t>(rounded(value) + 0x1.8p23F));
}

/// The upper 16 bits of a float, of the next that has no others; 0 for what is not normal.
inline std::uint16_t upper_bfloat16(float value) {
  if (value < std::numeric_limits<float>::min()) return 0;
  return static_cast<std::uint16_t>((std::bit_cast<std::uint32_t>(value) + 0xffff) >> 16);
}

/// Whole numbers of which each stands for so many times itself: NaN if a value is not finite.
inline float round_inputs(const float* x, Index size, float largest_input, std::int16_t* numbers) {
  std::uint32_t bits = 0;  // those of floats without their signs have the order of these
  for (Index i = 0; i < size; ++i) {
    bits = std::max(bits, std::bit_cast<std::uint32_t>(x[i]) & 0x7fffffffU);
  }
  const auto largest = std::bit_cast<float>(bits);
  if (!std::isfinite(largest)) {
    std::fill_n(numbers, size, std::int16_t{0});
    return std::numeric_limits<float>::quiet_NaN();
  }
  const float scale = largest / largest_input;
  const float factor = scale > std::numeric_limits<float>::min() ? 1 / scale : 0;
  for (Index i = 0; i < size; ++i) numbers[i] = nearest_int16(x[i] * factor);
  return scale;
}

AE_HEADER_INLINE Int8Layer::Int8Layer(const ConstMatrixRef<float>& weight,
                                      const Vector<float>& bias)
    : inputs_(weight.cols()) {
  for (Index row = 0; row < weight.rows(); ++row) {
    scales_.push_back(upper_bfloat16(weight.row(row).cwiseAbs().maxCoeff() / 127));
    const auto bits = std::bit_cast<std::uint32_t>(bias[row]);
    for (const int shift : {8, 16, 24}) biases_.push_back(static_cast<std::uint8_t>(bits >> shift));
  }
  for (Index first = 0; first < weight.rows(); first += together) {
    for (Index column = 0; column < inputs_; column += together) {
      for (Index row = first; row < first + together; ++row) {
        for (const Index k : {0, 2, 1, 3}) {
          const bool there = row < weight.rows() && column + k < inputs_ && scale(row) > 0;
          weights_.push_back(
              there ? static_cast<std::int8_t>(nearest_int16(weight(row, column + k) / scale(row)))
                    : std::int8_t{0});
        }
      }
    }
  }
}

AE_HEADER_INLINE void Int8Layer::multiply(const float* x, float* y) const {
  std::vector<std::int16_t> numbers(static_cast<std::size_t>(padded_inputs()));
  const float unit = round_inputs(x, inputs_, largest_input(), numbers.data());
  const std::int8_t* weights = weights_.data();
  for (Index first = 0; first < outputs(); first += together) {
    std::int32_t sums[together] = {};
    for (Index column = 0; column < padded_inputs(); column += together) {
      const std::int16_t* const input = numbers.data() + column;
      for (std::int32_t& sum : sums) {
        sum += weights[0] * input[0] + weights[1] * input[2] + weights[2] * input[1] +
               weights[3] * input[3];
        weights += together;
      }
    }
    for (Index row = first; row < std::min(first + together, outputs()); ++row) {
      const float both = rounded(unit * scale(row));
      y[row] = rounded(static_cast<float>(sums[row - first]) * both) + bias(row);
    }
  }
}

AE_HEADER_INLINE float Int8Layer::largest_input() const {
  constexpr auto most_of_sum = static_cast<Index>(std::numeric_limits<std::int32_t>::max());
  return static_cast<float>(std::clamp<Index>(most_of_sum / (127 * inputs_), 1, 32767));
}

AE_HEADER_INLINE float Int8Layer::scale(Index row) const {
  return std::bit_cast<float>(std::uint32_t{scales_[static_cast<std::size_t>(row)]} << 16);
}

AE_HEADER_INLINE float Int8Layer::bias(Index row) const {
  const std::uint8_t* const bytes = biases_.data() + 3 * row;
  return std::bit_cast<float>(std::uint32_t{bytes[0]} << 8 | std::uint32_t{bytes[1]} << 16 |
                              std::uint32_t{bytes[2]} << 24);
}

}  // namespace ae::inline AE_ABI::detail

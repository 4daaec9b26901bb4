#pragma once

#include "ae/detail/core/abi.hpp"

#include <bit>
#include <cstdint>
#include <vector>

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI::detail {

/// A float that is never part of a fused multiply-add: whatever the compiler and the processor, the
/// numbers are the same.
inline float rounded(float value) {
  const volatile float kept = value;
  return kept;
}

/// A dense layer as a header has it in 8 bits, and what the header makes of a column, to the last
/// bit. As `ae::Int8`, but that a scale is the next bfloat16 above the largest weight of its row
/// over 127, and that of a bias the upper 24 bits are kept: 5 bytes a row beside the weights.
class Int8Layer {
 public:
  static constexpr Index together = 4;  // rows side by side, and weights of each

  Int8Layer(const ConstMatrixRef<float>& weight, const Vector<float>& bias);

  /// y (outputs) before the activation, of x (inputs).
  void multiply(const float* x, float* y) const;

  Index inputs() const { return inputs_; }
  Index outputs() const { return static_cast<Index>(scales_.size()); }
  Index padded_inputs() const { return (inputs_ + together - 1) / together * together; }

  /// What inputs are rounded to at most: sums of so many products fit 32 bits.
  float largest_input() const;

  /// Four rows and four columns at a time, row by row, with zeros where there are no more; of each
  /// four of a row the second and the third have changed places, as processors that extend every
  /// other byte at once want them.
  const std::vector<std::int8_t>& weights() const { return weights_; }

  /// For each row the upper 16 bits of a float.
  const std::vector<std::uint16_t>& scales() const { return scales_; }

  /// For each row the upper 24 bits of a float, the lowest byte first.
  const std::vector<std::uint8_t>& biases() const { return biases_; }

  /// Of the numbers above.
  std::size_t bytes() const { return weights_.size() + 2 * scales_.size() + biases_.size(); }

 private:
  float scale(Index row) const;
  float bias(Index row) const;

  Index inputs_;
  std::vector<std::int8_t> weights_;
  std::vector<std::uint16_t> scales_;
  std::vector<std::uint8_t> biases_;
};

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/int8_layer-inl.hpp"
#endif

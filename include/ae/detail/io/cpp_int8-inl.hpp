#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/cpp_functions.hpp"
#include "ae/detail/io/cpp_int8.hpp"

namespace ae::inline AE_ABI::detail {

AE_HEADER_INLINE std::string cpp_int8_includes() {
  return R"(#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__GNUC__) && defined(__ARM_FEATURE_SIMD32) && !defined(__ARM_BIG_ENDIAN)
#include <arm_acle.h>
#endif

)";
}

AE_HEADER_INLINE std::string cpp_int8_functions(Index most_inputs) {
  return text("inline constexpr std::size_t most_inputs = ", most_inputs, ";  // of a layer",
              R"(

// Weights of 8 bits, 4 rows and 4 columns at a time, with the 2nd and the 3rd of a row's 4 exchanged;
// for each row the upper 16 bits of the float that they are multiplied by, and the upper 24 bits of
// the bias. Inputs are rounded to whole numbers up to `largest_input`, so that sums fit 32 bits.
struct Layer {
  const std::int8_t* weights;
  const std::uint16_t* scales;
  const std::uint8_t* biases;
  std::size_t inputs, outputs;
  float largest_input;
};

inline std::uint32_t bits_of(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float of_bits(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// Never part of a fused multiply-add, so that all compilers and processors give the same numbers.
inline float rounded(float value) {
  const volatile float kept = value;
  return kept;
}

inline float multiply_add(float a, float b, float c) { return rounded(a * b) + c; }

// Whole numbers of which each stands for so many times itself: NaN if a value is not finite.
inline float round_inputs(const float* x, const Layer& layer, std::int16_t* numbers) {
  std::uint32_t largest = 0;  // the bits of floats without their signs have the order of these
  for (std::size_t i = 0; i < layer.inputs; ++i) {
    const std::uint32_t bits = bits_of(x[i]) & 0x7fffffffu;
    if (bits > largest) largest = bits;
  }
  if (largest >= 0x7f800000u) {
    for (std::size_t i = 0; i < most_inputs; ++i) numbers[i] = 0;
    return NAN;
  }
  const float scale = of_bits(largest) / layer.largest_input;
  const float factor = bits_of(scale) > 0x00800000u ? 1 / scale : 0;
  for (std::size_t i = 0; i < layer.inputs; ++i) {
    // The sum's lowest bits are the nearest whole number, of ties the even one.
    numbers[i] = static_cast<std::int16_t>(bits_of(rounded(x[i] * factor) + 12582912.0f));
  }
  for (std::size_t i = layer.inputs; i % 4 != 0; ++i) numbers[i] = 0;
  return scale;
}

// A sum and the products of 4 weights of a row and 4 numbers.
inline std::int32_t add_products(std::int32_t sum, const std::int8_t* weights,
                                 const std::int16_t* numbers) {
#if defined(__GNUC__) && defined(__ARM_FEATURE_SIMD32) && !defined(__ARM_BIG_ENDIAN)
  int8x4_t bytes;
  int16x2_t first, last, odd;  // __sxtb16 gives bytes 0 and 2, odd becomes bytes 1 and 3
  std::memcpy(&bytes, weights, sizeof bytes);
  std::memcpy(&first, numbers, sizeof first);
  std::memcpy(&last, numbers + 2, sizeof last);
  asm("sxtb16 %0, %1, ror #8" : "=r"(odd) : "r"(bytes));
  return __smlad(odd, last, __smlad(__sxtb16(bytes), first, sum));
#else
  return sum + std::int32_t{weights[0]} * numbers[0] + std::int32_t{weights[1]} * numbers[2] +
         std::int32_t{weights[2]} * numbers[1] + std::int32_t{weights[3]} * numbers[3];
#endif
}

// The sums of 4 rows: of so many times 4 weights of each.
inline void sum_rows(const std::int8_t* weights, const std::int16_t* numbers, std::size_t fours,
                     std::int32_t* sums) {
  std::int32_t a = 0, b = 0, c = 0, d = 0;
  for (; fours > 0; --fours, weights += 16, numbers += 4) {
    a = add_products(a, weights, numbers);
    b = add_products(b, weights + 4, numbers);
    c = add_products(c, weights + 8, numbers);
    d = add_products(d, weights + 12, numbers);
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

inline float bias_of(const Layer& layer, std::size_t row) {
  const std::uint8_t* const bytes = layer.biases + 3 * row;
  return of_bits(std::uint32_t{bytes[0]} << 8 | std::uint32_t{bytes[1]} << 16 |
                 std::uint32_t{bytes[2]} << 24);
}

inline void multiply(const Layer& layer, const float* x, float* y) {
  alignas(4) std::int16_t numbers[most_inputs];
  const float unit = round_inputs(x, layer, numbers);
  const std::size_t fours = (layer.inputs + 3) / 4;
  const std::int8_t* weights = layer.weights;
  for (std::size_t first = 0; first < layer.outputs; first += 4, weights += 16 * fours) {
    std::int32_t sums[4];
    sum_rows(weights, numbers, fours, sums);
    for (std::size_t row = first; row < first + 4 && row < layer.outputs; ++row) {
      const float both = rounded(unit * of_bits(std::uint32_t{layer.scales[row]} << 16));
      y[row] = rounded(static_cast<float>(sums[row - first]) * both) + bias_of(layer, row);
    }
  }
}

)");
}

AE_HEADER_INLINE std::string cpp_int8_numbers(Index i, const Int8Layer& layer) {
  const auto whole = [](auto value) { return text(int{value}); };
  const std::string biases = text("bias", i), scales = text("scale", i),
                    weights = text("weight", i);
  return cpp_array("std::uint8_t " + biases, layer.biases(), whole) +
         cpp_array("std::uint16_t " + scales, layer.scales(), whole) +
         cpp_array("std::int8_t " + weights, layer.weights(), whole).insert(0, "alignas(4) ") +
         text("inline constexpr Layer numbers", i, " = {", weights, ", ", scales, ", ", biases,
              ", ", layer.inputs(), ", ", layer.outputs(), ", ", cpp_literal(layer.largest_input()),
              "};\n\n");
}

AE_HEADER_INLINE std::string CppActivations::of(const std::string& expression,
                                                const std::optional<ActivationTable>& table) {
  if (!table) return expression;
  const auto found = std::find(expressions_.begin(), expressions_.end(), expression);
  const auto number = found - expressions_.begin();
  if (found == expressions_.end()) {
    expressions_.push_back(expression);
    const auto& values = table->values();
    bytes_ += values.size() * sizeof(float);
    tables_ += text("// Of z: ", expression, '\n') +
               cpp_array(text("float table", number), values, cpp_literal<float>);
  }
  return text("detail::look_up(detail::table", number, ", ", table->values().size() - 1, ", ",
              cpp_literal(table->below()), ", ", cpp_literal(table->above()), ", z)");
}

AE_HEADER_INLINE std::string CppActivations::tables() const {
  if (tables_.empty()) return {};
  const std::string range = cpp_literal(ActivationTable::range);
  return tables_ + text(R"(
// A value between two of a table from -)",
                        range, " to ", range, R"(, and beyond it on a line of that slope.
inline float look_up(const float* values, std::size_t intervals, float below, float above, float z) {
  if (z < -)",
                        range, ") return rounded(below * (z + ", range, R"()) + values[0];
  if (!(z < )",
                        range, ")) return rounded(above * (z - ", range, R"()) + values[intervals];
  const float place = rounded((z + )",
                        range, ") * (static_cast<float>(intervals) / (2 * ", range, R"()));
  std::size_t i = static_cast<std::size_t>(place);
  if (i >= intervals) i = intervals - 1;
  return rounded((place - static_cast<float>(i)) * (values[i + 1] - values[i])) + values[i];
}

)");
}

}  // namespace ae::inline AE_ABI::detail

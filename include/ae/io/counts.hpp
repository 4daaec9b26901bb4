#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "ae/core/error.hpp"

/// Counts that a file claims, which may be anything.
namespace ae::detail {

/// a times b; nothing if either is, or if the product needs more than 64 bits.
inline std::optional<std::uint64_t> times(std::optional<std::uint64_t> a, std::uint64_t b) {
  if (!a || (b != 0 && *a > std::numeric_limits<std::uint64_t>::max() / b)) return {};
  return *a * b;
}

/// How many values a shape has: 1 without dimensions; nothing if it needs more than 64 bits.
inline std::optional<std::uint64_t> values_of(std::span<const std::uint64_t> shape) {
  std::optional<std::uint64_t> count = 1;
  for (const std::uint64_t size : shape) count = times(count, size);
  return count;
}

/// True for what can be the height or width of a matrix.
inline bool fits_index(std::optional<std::uint64_t> size) {
  return size && *size <= static_cast<std::uint64_t>(std::numeric_limits<Index>::max());
}

/// As messages write a shape: [2, 3]; the beginning of a long one.
inline std::string shape_text(std::span<const std::uint64_t> shape) {
  std::string all;
  for (const std::uint64_t size : shape) {
    all += text(all.empty() ? "" : ", ", size);
    if (all.size() > 80) return '[' + all + ", ...";
  }
  return '[' + all + ']';
}

}  // namespace ae::detail

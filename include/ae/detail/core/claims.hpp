#pragma once

#include "ae/detail/core/abi.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ae/detail/core/require.hpp"

/// What a file claims, which may be anything: sizes, shapes and names.
namespace ae::inline AE_ABI::detail {

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

/// As messages write a text: what is no printable ASCII becomes a question mark, and the end of a
/// long one is left out.
inline std::string shown(std::string_view text, std::size_t most = 80) {
  std::string all(text.substr(0, most));
  for (char& c : all) {
    if (c < ' ' || c > '~') c = '?';
  }
  return all;
}

}  // namespace ae::inline AE_ABI::detail

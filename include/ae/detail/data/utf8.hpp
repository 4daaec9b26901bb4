#pragma once

#include "ae/detail/core/abi.hpp"

#include <string_view>

namespace ae::inline AE_ABI::detail {

/// How many bytes at the beginning of a text are UTF-8 (RFC 3629): all of them if all are.
inline std::size_t utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned first = byte(0);
    const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || size > text.size() - at) return at;
    for (std::size_t i = 1; i < size; ++i) {
      if ((byte(i) & 0xc0) != 0x80) return at;
    }
    const unsigned second = size > 2 ? byte(1) : 0xa0;
    const bool out = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                     (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
    if (out) return at;
    at += size;
  }
  return at;
}

}  // namespace ae::inline AE_ABI::detail

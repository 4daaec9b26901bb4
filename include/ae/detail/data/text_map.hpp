#pragma once

#include "ae/detail/core/abi.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ae::inline AE_ABI::detail {

/// A hash by which texts are found in a map without a copy.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

template <class Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

}  // namespace ae::inline AE_ABI::detail

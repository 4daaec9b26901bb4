#pragma once

#include "ae/detail/core/abi.hpp"

#include <cstddef>
#include <type_traits>

namespace ae::inline AE_ABI::detail {

/// A number of bytes that is known to fit the memory. Where it has the type already there is no
/// cast, which -Wuseless-cast would warn of.
template <class T>
constexpr std::size_t to_size(T number) {
  if constexpr (std::is_same_v<T, std::size_t>) {
    return number;
  } else {
    return static_cast<std::size_t>(number);
  }
}

}  // namespace ae::inline AE_ABI::detail

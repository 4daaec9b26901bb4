#pragma once

#include "ae/detail/core/abi.hpp"

#include <type_traits>
#include <utility>

#include "ae/core/types.hpp"
#include "ae/detail/core/compiler.hpp"

namespace ae::inline AE_ABI::detail {

/// Calls body(0), ..., body(N - 1) with compile-time indices, so that arrays become registers.
template <Index N, class Body>
EIGEN_ALWAYS_INLINE void unroll(const Body& body) {
  [&]<Index... i>(std::integer_sequence<Index, i...>) AE_INLINED {
    (body(std::integral_constant<Index, i>{}), ...);
  }
  (std::make_integer_sequence<Index, N>{});
}

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include <Eigen/Core>
#include <utility>

#include "ae/core/types.hpp"

// For lambdas of inner loops: only what is inlined early, before a compiler looks for arrays that
// can be registers, keeps such arrays out of memory.
#ifdef __GNUC__
#define AE_INLINED __attribute__((always_inline))
#else
#define AE_INLINED
#endif

namespace ae::detail {

/// Calls body(0), ..., body(N - 1) with compile-time indices, so that arrays become registers.
template <Index N, class Body>
EIGEN_ALWAYS_INLINE void unroll(const Body& body) {
  [&]<Index... i>(std::integer_sequence<Index, i...>) AE_INLINED {
    (body(std::integral_constant<Index, i>{}), ...);
  }
  (std::make_integer_sequence<Index, N>{});
}

}  // namespace ae::detail

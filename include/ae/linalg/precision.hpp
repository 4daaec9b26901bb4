#pragma once

#include "ae/detail/core/abi.hpp"

namespace ae::inline AE_ABI {

/// What the operands of products are; sums are of the full precision in any case.
/// ~~~{.cpp}
/// model.fit(x, {.precision = ae::Precision::bfloat16});
/// ~~~
enum class Precision {
  full,     ///< as they are
  bfloat16  ///< floats rounded to the nearest number of 8 bits, ties to even: the range of float,
            ///< and a relative error of at most 2^-8
};

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include <limits>
#include <type_traits>

#include "ae/core/types.hpp"

/// Signs, a packet at a time; the `sign`, comparisons and `select` of Eigen 3.4 go number by
/// number. x is divided by the smallest normal number and limited to [-1, 1]. A normal x gives -1
/// or 1, 0 gives 0, a subnormal x a value between -1 and 1, and a NaN gives NaN.
namespace ae::inline AE_ABI::detail {

template <class Array>
using ScalarOf = typename std::decay_t<Array>::Scalar;

template <class Scalar>
constexpr Scalar beyond_one = 1 / std::numeric_limits<Scalar>::min();

/// -1, 0 or 1.
auto sign(const auto& x) {
  return (x * beyond_one<ScalarOf<decltype(x)>>).min(1).max(-1);
}

/// 1 where x > 0, 0 elsewhere.
auto positive(const auto& x) {
  return (x * beyond_one<ScalarOf<decltype(x)>>).min(1).max(0);
}

/// 0 everywhere, in the shape of x.
auto zero(const auto& x) {
  return std::decay_t<decltype(x)>::PlainObject::Zero(x.rows(), x.cols());
}

}  // namespace ae::inline AE_ABI::detail

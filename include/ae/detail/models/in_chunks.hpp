#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI::detail {

/// What `compute(samples)` gives for each of many samples (a column each), `rows` numbers a sample,
/// a few thousand samples at a time: what lies between the layers takes no more memory than that.
template <class Scalar, class Compute>
Matrix<Scalar> in_chunks(const ConstMatrixRef<Scalar>& x, Index rows, const Compute& compute) {
  constexpr Index chunk = 4096;
  Matrix<Scalar> y(rows, x.cols());
  for (Index first = 0; first < x.cols(); first += chunk) {
    const Index count = std::min(chunk, x.cols() - first);
    y.middleCols(first, count) = compute(ConstMatrixRef<Scalar>(x.middleCols(first, count)));
  }
  return y;
}

}  // namespace ae::inline AE_ABI::detail

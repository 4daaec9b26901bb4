#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/types.hpp"

/// Logarithms of variances, kept in a range, so that no encoder makes a variance overflow or
/// vanish.
namespace ae::inline AE_ABI::detail {

/// They are as they are from -10 to 3 (a variance above 1, the prior's, is never the best); below
/// they near -20, above 6. The slope is continuous, and falls with the square of the distance, so
/// that training finds back from anywhere.
template <class LogVariances>
auto bounded_log_variance(const LogVariances& values) {
  using Scalar = typename LogVariances::Scalar;
  constexpr Scalar low = 10, high = 3;
  const auto z = values.array();
  const auto below = (-low - z).max(Scalar{0});
  const auto above = (z - high).max(Scalar{0});
  return Matrix<Scalar>(z.min(high).max(-low) - (low - low * low / (below + low)) +
                        (high - high * high / (above + high)));
}

/// Its derivative.
template <class LogVariances>
auto log_variance_slope(const LogVariances& values) {
  using Scalar = typename LogVariances::Scalar;
  constexpr Scalar low = 10, high = 3;
  const auto z = values.array();
  const auto below = (-low - z).max(Scalar{0});
  const auto above = (z - high).max(Scalar{0});
  return Matrix<Scalar>((low / (below + low)).square() * (high / (above + high)).square());
}

/// Codes (means over log variances) with the latter in their range.
template <class Codes>
Matrix<typename Codes::Scalar> bounded_codes(const Codes& codes) {
  Matrix<typename Codes::Scalar> bounded = codes;
  const Index latent = codes.rows() / 2;
  bounded.bottomRows(latent) = bounded_log_variance(codes.bottomRows(latent));
  return bounded;
}

}  // namespace ae::inline AE_ABI::detail

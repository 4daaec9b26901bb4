#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

namespace ae::inline AE_ABI::detail {

/// The chance that a number of the distribution Beta(a, b), both whole and at least 1, is at most
/// x: that of a hits or more in a + b - 1 trials of chance x. Abramowitz and Stegun, eq. 26.5.24.
inline double beta_cumulative(double a, double b, double x) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const double trials = a + b - 1, odds = x / (1 - x);
  const auto chance = [&](double hits) {
    return std::exp(std::lgamma(trials + 1) - std::lgamma(hits + 1) -
                    std::lgamma(trials - hits + 1) + hits * std::log(x) +
                    (trials - hits) * std::log1p(-x));
  };
  // Chances fall from the mean on, so the sum that begins on its far side soon has all that counts.
  constexpr double least = 1e-17;
  const bool upwards = a >= trials * x;
  double sum = 0, term = chance(upwards ? a : a - 1);
  for (double hits = upwards ? a : a - 1; term > least * sum && hits >= 0 && hits <= trials;) {
    sum += term;
    term *= upwards ? (trials - hits) / (hits + 1) * odds : hits / (trials - hits + 1) / odds;
    hits += upwards ? 1 : -1;
  }
  return upwards ? sum : 1 - sum;
}

/// The number that such a number is at most with chance `level`, by halving.
inline double beta_quantile(double a, double b, double level) {
  double low = 0, high = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (beta_cumulative(a, b, middle) < level ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace ae::inline AE_ABI::detail

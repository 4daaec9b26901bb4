#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "ae/core/concepts.hpp"

namespace ae::inline AE_ABI::detail {

/// Where a unit works so that it hands a signal t on: y = activation(gain t + shift), and back,
/// t = slope y + offset, but for an error.
struct OperatingPoint {
  double gain = 0, shift = 0, slope = 0, offset = 0;
  double error = std::numeric_limits<double>::infinity();  ///< mean square, in squared units of t
};

/// The way back that fits the samples t best, by least squares; y is computed in Scalar, so the
/// error counts rounding too.
template <class Scalar, Activation<Scalar> Function>
OperatingPoint operate(const Function& activation, const Eigen::ArrayXd& t, double gain,
                       double shift) {
  const Eigen::Array<Scalar, Eigen::Dynamic, 1> z = (gain * t + shift).cast<Scalar>();
  const Eigen::Array<Scalar, Eigen::Dynamic, 1> value = activation.value(z);
  const Eigen::ArrayXd y = value.template cast<double>();
  const Eigen::ArrayXd from_mean = y - y.mean();
  const double variance = from_mean.square().mean();
  const double slope = variance > 0 ? (from_mean * (t - t.mean())).mean() / variance : 0;
  const double offset = t.mean() - slope * y.mean();
  return {gain, shift, slope, offset, (slope * y + offset - t).square().mean()};
}

/// The operating point of the largest gain, 1 or a power of 1/2, and then the smallest shift whose
/// error is at most `allowed`; where there is none, that of the least error. Nothing needs to be
/// known of the activation: rectifiers are found to be straight above their kink, so shifted by
/// `reach`, the largest |t| of all samples; sigmoids around 0, at a small gain.
template <class Scalar, Activation<Scalar> Function>
OperatingPoint nearly_linear(const Function& activation, const Eigen::ArrayXd& t, double reach,
                             double allowed) {
  constexpr int halvings = 24;
  constexpr std::array<double, 7> margins{0, 1, 2, 4, 8, 16, 32};
  OperatingPoint best;
  const auto good = [&](double gain, double shift) {
    const OperatingPoint found = operate<Scalar>(activation, t, gain, shift);
    if (found.error < best.error) best = found;
    return best.error <= allowed;
  };
  for (int i = 0; i <= halvings; ++i) {
    const double gain = std::ldexp(1.0, -i);
    if (good(gain, 0)) return best;
    for (const double margin : margins) {
      const double shift = gain * reach + margin;
      if (good(gain, shift) || good(gain, -shift)) return best;
    }
  }
  return best;
}

}  // namespace ae::inline AE_ABI::detail

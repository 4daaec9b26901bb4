#pragma once

#include "ae/core/concepts.hpp"

namespace ae {

/// The squared error; its mean over all elements is the mean squared error.
struct Mse {
  auto value(const auto& y, const auto& target) const { return (y - target).square(); }
  auto derivative(const auto& y, const auto& target) const { return 2 * (y - target); }
  double units(double scale) const { return scale * scale; }
};

}  // namespace ae

#pragma once

#include "ae/detail/core/abi.hpp"

#include <limits>

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require_range.hpp"
#include "ae/detail/core/sign.hpp"

namespace ae::inline AE_ABI {

/// What stands between the outputs of a network and what they mean, as in a generalised linear
/// model.
enum class Link {
  identity,  ///< outputs are in the units of the network
  logistic   ///< outputs are logits: 1 / (1 + exp(-output)) is the probability
};

/// What a loss takes as targets, in the units of the network.
struct TargetRange {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();
};

/// The squared error; its mean over all elements is the mean squared error.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100}, ae::Mse{});  // the default
/// const double error = model.evaluate(held_out, ae::Mse{});
/// ~~~
struct Mse {
  static constexpr std::string_view name = "mse";

  auto value(const auto& y, const auto& target) const { return (y - target).square(); }
  auto derivative(const auto& y, const auto& target) const { return 2 * (y - target); }
  double units(double scale) const { return scale * scale; }
};

/// The absolute error. Where it is 0, its derivative is taken as 0.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100}, ae::Mae{});
/// const double error = model.evaluate(held_out, ae::Mae{});
/// ~~~
struct Mae {
  static constexpr std::string_view name = "mae";

  auto value(const auto& y, const auto& target) const { return (y - target).abs(); }
  auto derivative(const auto& y, const auto& target) const { return detail::sign(y - target); }
  double units(double scale) const { return scale; }
};

/// d^2 / 2 for errors |d| up to delta, delta (|d| - delta / 2) beyond. Huber, "Robust estimation of
/// a location parameter", Annals of Mathematical Statistics 35, 1964. Delta is in the units of the
/// data as the network sees them, after the scaler: a number of scales, so that it means the same
/// for any data. In the units of the caller's data it is delta times the scale.
/// ~~~{.cpp}
/// model.fit(x, {.scaling = ae::Scaling::robust}, ae::Huber{.delta = 1.5});
/// ~~~
struct Huber {
  static constexpr std::string_view name = "huber";
  double delta = 1;

  /// Throws OptionError for a delta that is not above 0.
  void require_valid() const { detail::require_above_zero(delta, "Huber", "a delta"); }

  auto value(const auto& y, const auto& target) const {
    using Scalar = detail::ScalarOf<decltype(y)>;
    const auto error = (y - target).abs();
    const auto near = error.min(static_cast<Scalar>(delta));
    return near * (error - Scalar(0.5) * near);
  }
  auto derivative(const auto& y, const auto& target) const {
    const auto most = static_cast<detail::ScalarOf<decltype(y)>>(delta);
    return (y - target).min(most).max(-most);
  }
  double units(double scale) const { return scale * scale; }
};

/// -t log(s) - (1 - t) log(1 - s), s = 1 / (1 + exp(-z)), for targets t from 0 to 1. What the
/// network gives are the logits z, so that neither logarithm ever overflows: its last layer is
/// linear, and a model that was fitted with this loss makes probabilities of its output. Data must
/// be from 0 to 1 as the network sees them, after the scaler.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100}, ae::BinaryCrossEntropy{});  // x from 0 to 1
/// const ae::Matrix<float> probabilities = model.reconstruct(held_out);
/// ~~~
struct BinaryCrossEntropy {
  static constexpr std::string_view name = "binary_cross_entropy";

  static constexpr Link link() { return Link::logistic; }
  static constexpr TargetRange targets() { return {0, 1}; }

  auto value(const auto& z, const auto& target) const {
    return (z - z.min(0)) - z * target + (-z.abs()).exp().log1p();
  }
  auto derivative(const auto& z, const auto& target) const { return z.logistic() - target; }
  double units(double) const { return 1; }
};

}  // namespace ae::inline AE_ABI

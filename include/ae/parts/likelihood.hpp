#pragma once

#include <cmath>
#include <numbers>
#include <string_view>

#include "ae/detail/core/require_range.hpp"
#include "ae/parts/activation.hpp"
#include "ae/parts/loss.hpp"

namespace ae {

/// What a decoder's output says of the data: normal, with this deviation around it, in the units of
/// the data. Kingma and Welling, 2014, appendix C.2, with one deviation for all.
struct GaussianLikelihood {
  static constexpr std::string_view name = "gaussian";

  double sigma = 1;

  /// Throws OptionError unless sigma is above 0.
  void require_valid() const {
    detail::require_above_zero(sigma, "Gaussian likelihood", "a sigma");
  }

  static Mse loss() { return {}; }
  /// -log p = loss / loss_unit + constant, for each value.
  double loss_unit() const { return 2 * sigma * sigma; }
  double constant() const { return std::log(sigma) + std::log(2 * std::numbers::pi) / 2; }
  static auto mean(const auto& output) { return output; }
};

/// The same for data from 0 to 1: the logits of coins; appendix C.1.
struct BernoulliLikelihood {
  static constexpr std::string_view name = "bernoulli";
  static constexpr Sigmoid activation{};

  static void require_valid() {}
  static BinaryCrossEntropy loss() { return {}; }
  static double loss_unit() { return 1; }
  static double constant() { return 0; }
  static auto mean(const auto& output) { return activation.value(output.array()).matrix(); }
};

/// The evidence lower bound of samples, the mean, in nats: what is kept less what it costs.
struct Evidence {
  double log_likelihood;  ///< of the samples given codes drawn for them
  double divergence;      ///< KL of their codes' distributions from the standard normal
  double lower_bound() const { return log_likelihood - divergence; }
};

}  // namespace ae

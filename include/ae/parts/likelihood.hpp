#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <numbers>
#include <string_view>

#include "ae/detail/core/require_range.hpp"
#include "ae/parts/activation.hpp"
#include "ae/parts/loss.hpp"

namespace ae::inline AE_ABI {

/// The data are normal around the decoder's output, with one deviation for all values, in the units
/// of losses (of the data, or scaled ones). Kingma and Welling, "Auto-encoding variational Bayes",
/// ICLR 2014, appendix C.2. Without a sigma it is learnt: it begins as the deviation of the data
/// that the model is first fitted to, and after each epoch it is the root of the mean squared
/// error, the most likely one; Rybkin, Daniilidis and Levine, "Simple and effective VAE training
/// with calibrated decoders", ICML 2021, section 3.2.
/// ~~~{.cpp}
/// ae::VariationalAutoencoder model({1024, 300, 20});  // its sigma is learnt
/// model.fit(x, {.epochs = 100, .scaling = ae::Scaling::common});
/// std::cout << model.likelihood().sigma << " in the units of x\n";
/// ~~~
struct GaussianLikelihood {
  static constexpr std::string_view name = "gaussian";

  double sigma = 0;          ///< 0: not known yet, to be learnt
  bool learnt = sigma == 0;  ///< changes with every epoch of a fit

  /// Throws OptionError unless sigma is above 0, or learnt.
  void require_valid() const {
    if (learnt && sigma == 0) return;
    detail::require_above_zero(sigma, "Gaussian likelihood", "a sigma");
  }

  static Mse loss() { return {}; }
  /// -log p = loss / loss_unit + constant, for each value.
  double loss_unit() const { return 2 * sigma * sigma; }
  double constant() const { return std::log(sigma) + std::log(2 * std::numbers::pi) / 2; }
  static auto mean(const auto& output) { return output; }
};

/// For data from 0 to 1: every value is Bernoulli, and the decoder's output is the logit of its
/// probability; appendix C.1 there.
/// ~~~{.cpp}
/// ae::VariationalAutoencoder model({784, 300, 20}, ae::BernoulliLikelihood{});
/// model.fit(x, {.epochs = 100});  // pixels from 0 to 1
/// ~~~
struct BernoulliLikelihood {
  static constexpr std::string_view name = "bernoulli";
  static constexpr Sigmoid activation{};

  static void require_valid() {}
  static BinaryCrossEntropy loss() { return {}; }
  static double loss_unit() { return 1; }
  static double constant() { return 0; }
  static auto mean(const auto& output) { return activation.value(output.array()).matrix(); }
};

/// The evidence lower bound of samples, their mean, in nats: log-likelihood - divergence.
/// ~~~{.cpp}
/// const ae::Evidence evidence = variational.evidence(held_out);
/// std::cout << evidence.lower_bound() << " nats a sample\n";
/// ~~~
struct Evidence {
  double log_likelihood;  ///< of the samples given codes drawn for them
  double divergence;      ///< KL of their codes' distributions from the standard normal
  double lower_bound() const { return log_likelihood - divergence; }
};

}  // namespace ae::inline AE_ABI

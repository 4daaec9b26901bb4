#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require.hpp"
#include "ae/detail/core/require_range.hpp"
#include "ae/detail/parts/log_variance.hpp"

/// Codes that are normal distributions, as a variational encoder gives them: the upper half of a
/// column is the mean, the lower half the logarithm of the variance. Kingma and Welling,
/// "Auto-encoding variational Bayes", ICLR 2014.
namespace ae::inline AE_ABI {

/// KL(N(mean, variance) || N(0, 1)) of every sample, from codes (2 latent x samples); appendix B.
/// ~~~{.cpp}
/// const ae::Vector<double> nats = ae::gaussian_kl(variational.distributions(x));  // a sample
/// ~~~
template <class Codes>
auto gaussian_kl(const Codes& codes) {
  const Index latent = codes.rows() / 2;
  const auto mean = codes.topRows(latent).array().template cast<double>();
  const auto log_variance = codes.bottomRows(latent).array().template cast<double>();
  return Vector<double>(
      0.5 *
      (mean.square() + log_variance.exp() - log_variance - 1).colwise().sum().transpose().matrix());
}

/// `weight` times that divergence, as a penalty in training, of log variances that are kept in a
/// range: as they are from -10 to 3, beyond that they near -20 and 6 smoothly; `warmup` is the
/// share of the fit during which the weight rises linearly from 0. Higgins et al., "beta-VAE", ICLR
/// 2017, eq. 4; Bowman et al., "Generating sentences from a continuous space", CoNLL 2016,
/// section 3.1.
/// ~~~{.cpp}
/// variational.fit(x, {.epochs = 100}, ae::GaussianKl{.weight = 4, .warmup = 0.1});
/// ~~~
struct GaussianKl {
  double weight = 1;
  double warmup = 0;

  /// Throws OptionError for a negative or infinite weight, or a warm-up outside [0, 1].
  void require_valid() const {
    detail::require_at_least_zero(weight, "Gaussian KL", "a weight");
    detail::require<OptionError>(warmup >= 0 && warmup <= 1,
                                 "Gaussian KL: expected a warm-up from 0 to 1, found ", warmup);
  }

  double activity_factor(double done) const { return done < warmup ? done / warmup : 1; }

  double activity_penalty(const auto& codes) const {
    return weight * gaussian_kl(detail::bounded_codes(codes)).mean();
  }

  template <class Codes>
  auto activity_gradient(const Codes& codes) const {
    using Scalar = typename Codes::Scalar;
    const Index latent = codes.rows() / 2;
    const auto each = static_cast<Scalar>(weight / static_cast<double>(codes.cols()));
    Matrix<Scalar> gradient(codes.rows(), codes.cols());
    gradient.topRows(latent) = each * codes.topRows(latent);
    const auto log_variances = codes.bottomRows(latent);
    gradient.bottomRows(latent) = each / 2 *
                                  (detail::bounded_log_variance(log_variances).array().exp() - 1) *
                                  detail::log_variance_slope(log_variances).array();
    return gradient;
  }
};

}  // namespace ae::inline AE_ABI

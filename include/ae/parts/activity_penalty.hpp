#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require.hpp"
#include "ae/detail/core/require_range.hpp"
#include "ae/detail/core/sign.hpp"

/// Penalties on codes, which make them sparse: means over the samples of a batch.
namespace ae::inline AE_ABI {

/// lambda times the sum of a code's absolute values. Goodfellow, Bengio and Courville, "Deep
/// learning", 2016, section 14.2.1.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100}, ae::SparseL1{.lambda = 0.1});
/// ~~~
struct SparseL1 {
  double lambda = 1e-3;

  /// Throws OptionError for a negative or infinite lambda.
  void require_valid() const { detail::require_at_least_zero(lambda, "sparse L1", "a lambda"); }

  double activity_penalty(const auto& codes) const {
    return lambda * static_cast<double>(codes.cwiseAbs().sum()) / static_cast<double>(codes.cols());
  }

  template <class Codes>
  auto activity_gradient(const Codes& codes) const {
    const double each = lambda / static_cast<double>(codes.cols());
    return static_cast<typename Codes::Scalar>(each) * detail::sign(codes.array()).matrix();
  }
};

/// beta times the sum over the code's units of KL(target || mean of the unit over the batch), both
/// Bernoulli distributions: for codes between 0 and 1, such as a sigmoid's. Ng, "Sparse
/// autoencoder", CS294A lecture notes, 2011, section 3.
/// ~~~{.cpp}
/// using Layers = ae::Stack<float, ae::Elu, ae::Sigmoid>;
/// ae::StackedAutoencoder<float, Layers> model({1024, 300, 150});
/// model.fit(x, {.epochs = 100}, ae::SparseKl{.beta = 0.1, .target = 0.05});
/// ~~~
struct SparseKl {
  double beta = 1e-3;
  double target = 0.05;

  /// Throws OptionError for a negative or infinite beta, or a target outside (0, 1).
  void require_valid() const {
    detail::require_at_least_zero(beta, "sparse KL", "a beta");
    detail::require<OptionError>(target > 0 && target < 1,
                                 "sparse KL: expected a target between 0 and 1, found ", target);
  }

  /// Throws OptionError unless the means lie between 0 and 1.
  double activity_penalty(const auto& codes) const {
    double kl = 0;
    for (const double mean : means(codes)) {
      kl += target * std::log(target / mean) + (1 - target) * std::log((1 - target) / (1 - mean));
    }
    return beta * kl;
  }

  template <class Codes>
  auto activity_gradient(const Codes& codes) const {
    using Scalar = typename Codes::Scalar;
    const double each = beta / static_cast<double>(codes.cols());
    const Vector<double> mean = means(codes);
    Vector<Scalar> gradient(mean.size());
    for (Index i = 0; i < mean.size(); ++i) {
      gradient[i] = static_cast<Scalar>(each * ((1 - target) / (1 - mean[i]) - target / mean[i]));
    }
    return Matrix<Scalar>(gradient.replicate(1, codes.cols()));
  }

 private:
  Vector<double> means(const auto& codes) const {
    Vector<double> mean = codes.template cast<double>().rowwise().mean();
    for (Index i = 0; i < mean.size(); ++i) {
      detail::require<OptionError>(
          mean[i] > 0 && mean[i] < 1,
          "sparse KL: expected codes between 0 and 1, as a sigmoid gives them, ",
          "found a mean of ", mean[i], " in code ", i);
    }
    return mean;
  }
};

}  // namespace ae::inline AE_ABI

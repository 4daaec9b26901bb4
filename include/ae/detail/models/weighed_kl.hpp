#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/parts/gaussian_kl.hpp"

namespace ae::inline AE_ABI::detail {

/// The divergence of a variational model's codes in the units of its loss, which is a mean over the
/// features: the weight has the factor loss_unit / features, which follows a sigma that is learnt.
template <class Likelihood>
struct WeighedKl {
  GaussianKl kl;
  const Likelihood* likelihood;  ///< the model's
  double features;

  double activity_factor(double done) const {
    return kl.activity_factor(done) * likelihood->loss_unit() / features;
  }
  /// Where a sigma is learnt the gradients are those of the evidence, whatever the units of the
  /// data.
  double gradient_scale(double units) const {
    if constexpr (requires { likelihood->learnt; }) {
      if (likelihood->learnt) return units / likelihood->loss_unit();
    }
    return 1;
  }
  double activity_penalty(const auto& codes) const { return kl.activity_penalty(codes); }
  auto activity_gradient(const auto& codes) const { return kl.activity_gradient(codes); }
};

/// True for likelihoods whose sigma may be learnt.
template <class Likelihood>
concept learns_sigma = requires(Likelihood likelihood) {
  likelihood.sigma = likelihood.learnt ? 1.0 : 2.0;
};

}  // namespace ae::inline AE_ABI::detail

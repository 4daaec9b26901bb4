#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <numbers>
#include <string_view>
#if __has_include(<unsupported/Eigen/SpecialFunctions>)
#include <unsupported/Eigen/SpecialFunctions>
#define AE_EIGEN_ERF
#endif

#include "ae/detail/core/sign.hpp"

/// Activations that multiply z by a gate, a function of z. They fall and rise again, so a value
/// belongs to two z, and the derivatives are in terms of z: a layer keeps z for the backward pass.
namespace ae::inline AE_ABI {

/// y = z Phi(z), Phi the standard normal distribution function, by erf and not its approximation by
/// tanh: Eigen has erf in packets of float, where it is the faster one too; in double it is the
/// standard library's. Hendrycks and Gimpel, "Gaussian error linear units (GELUs)", 2016,
/// section 2.
/// ~~~{.cpp}
/// ae::StackedAutoencoder<float, ae::Stack<float, ae::Gelu>> model({1024, 300, 150});
/// ~~~
struct Gelu {
  static constexpr std::string_view name = "gelu";

  auto value(const auto& z) const { return z * probability(z); }
  auto derivative_at(const auto& z) const { return probability(z) + z * density(z); }
  auto second_derivative_at(const auto& z) const { return density(z) * (2 - z.square()); }

 private:
  static auto probability(const auto& z) {
    using Scalar = detail::ScalarOf<decltype(z)>;
    return Scalar(0.5) * (erf(Scalar(1 / std::numbers::sqrt2) * z) + 1);
  }
  static auto erf(const auto& z) {
#ifdef AE_EIGEN_ERF
    return z.erf();
#else  // an Eigen that came without its unsupported modules
    return z.unaryExpr([](auto entry) { return std::erf(entry); });
#endif
  }
  static auto density(const auto& z) {
    using Scalar = detail::ScalarOf<decltype(z)>;
    constexpr double at_zero = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
    return Scalar(at_zero) * (Scalar(-0.5) * z.square()).exp();
  }
};

/// y = z / (1 + exp(-z)), also known as Swish. Elfwing, Uchibe and Doya, "Sigmoid-weighted linear
/// units for neural network function approximation in reinforcement learning", Neural Networks 107,
/// 2018, section 2.
/// ~~~{.cpp}
/// ae::StackedAutoencoder<float, ae::Stack<float, ae::Silu>> model({1024, 300, 150});
/// ~~~
struct Silu {
  static constexpr std::string_view name = "silu";

  auto value(const auto& z) const { return z * z.logistic(); }
  auto derivative_at(const auto& z) const {
    const auto gate = z.logistic();
    return gate * (1 + z * (1 - gate));
  }
  auto second_derivative_at(const auto& z) const {
    const auto gate = z.logistic();
    return gate * (1 - gate) * (2 + z * (1 - 2 * gate));
  }
};

}  // namespace ae::inline AE_ABI

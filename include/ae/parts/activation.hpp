#pragma once

#include "ae/detail/core/abi.hpp"

#include <string_view>

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require_range.hpp"
#include "ae/detail/core/sign.hpp"
#include "ae/parts/gated_activation.hpp"

/// Elementwise functions as Eigen array expressions, without branches, so that they run on whole
/// packets. A NaN stays a NaN: z - min(z, 0) is max(z, 0), which alone may lose it. Derivatives are
/// in terms of the value y, those of `gated_activation.hpp` of z.
namespace ae::inline AE_ABI {

/// y = z.
/// ~~~{.cpp}
/// using Layers = ae::Stack<float, ae::Relu, ae::Identity>;
/// ae::StackedAutoencoder<float, Layers> model({1024, 300, 150});  // the code is linear
/// ~~~
struct Identity {
  static constexpr std::string_view name = "identity";

  auto value(const auto& z) const { return z; }
  auto derivative(const auto& y) const {
    using Array = std::decay_t<decltype(y)>;
    return Array::PlainObject::Ones(y.rows(), y.cols());
  }
  auto second_derivative(const auto& y) const { return detail::zero(y); }
};

/// y = z for z > 0, exp(z) - 1 elsewhere. Clevert, Unterthiner and Hochreiter, "Fast and accurate
/// deep network learning by exponential linear units (ELUs)", ICLR 2016, eq. 16, with alpha = 1.
/// ~~~{.cpp}
/// ae::StackedAutoencoder<float, ae::Stack<float, ae::Elu>> model({64, 16, 4});  // the default
/// ~~~
struct Elu {
  static constexpr std::string_view name = "elu";

  auto value(const auto& z) const { return (z - z.min(0)) + (z.min(0).exp() - 1); }
  auto derivative(const auto& y) const { return y.min(0) + 1; }
  auto second_derivative(const auto& y) const { return detail::positive(-y) * (y + 1); }
};

/// y = lambda z for z > 0, lambda alpha (exp(z) - 1) elsewhere, with which zero mean and unit
/// variance are a fixed point; for weights by `LeCunNormal`. Klambauer, Unterthiner, Mayr and
/// Hochreiter, "Self-normalizing neural networks", NIPS 2017, eq. 2.
/// ~~~{.cpp}
/// using Layers = ae::Stack<float, ae::Selu>;
/// ae::StackedAutoencoder<float, Layers> model({1024, 300, 150}, seed, ae::LeCunNormal{});
/// ~~~
struct Selu {
  static constexpr std::string_view name = "selu";
  static constexpr double alpha = 1.6732632423543772848;
  static constexpr double lambda = 1.0507009873554804934;

  auto value(const auto& z) const {
    using Scalar = detail::ScalarOf<decltype(z)>;
    return Scalar(lambda) * (z - z.min(0)) + Scalar(lambda * alpha) * (z.min(0).exp() - 1);
  }
  auto derivative(const auto& y) const {
    using Scalar = detail::ScalarOf<decltype(y)>;
    return y.min(0) + Scalar(lambda * alpha) +
           Scalar(lambda - lambda * alpha) * detail::positive(y);
  }
  auto second_derivative(const auto& y) const {
    using Scalar = detail::ScalarOf<decltype(y)>;
    return detail::positive(-y) * (y + Scalar(lambda * alpha));
  }
};

/// y = max(z, 0). Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines",
/// ICML 2010.
/// ~~~{.cpp}
/// using Layers = ae::Stack<float, ae::Relu, ae::Identity>;  // a linear code: units cannot die
/// ae::StackedAutoencoder<float, Layers> model({1024, 300, 150}, seed, ae::HeNormal{});
/// ~~~
struct Relu {
  static constexpr std::string_view name = "relu";

  auto value(const auto& z) const { return z - z.min(0); }
  auto derivative(const auto& y) const { return detail::positive(y); }
  auto second_derivative(const auto& y) const { return detail::zero(y); }
};

/// y = z for z > 0, slope z elsewhere. Maas, Hannun and Ng, "Rectifier nonlinearities improve
/// neural network acoustic models", ICML 2013.
/// ~~~{.cpp}
/// ae::Dense<float, ae::LeakyRelu> layer(1024, 300, {.slope = 0.2});
/// ~~~
struct LeakyRelu {
  static constexpr std::string_view name = "leaky_relu";
  double slope = 0.01;

  /// Throws OptionError for a slope below 0, with which the value would not tell the sign of z.
  void require_valid() const { detail::require_at_least_zero(slope, "LeakyRelu", "a slope"); }

  auto value(const auto& z) const {
    using Scalar = detail::ScalarOf<decltype(z)>;
    return (z - z.min(0)) + static_cast<Scalar>(slope) * z.min(0);
  }
  auto derivative(const auto& y) const {
    using Scalar = detail::ScalarOf<decltype(y)>;
    return static_cast<Scalar>(1 - slope) * detail::positive(y) + static_cast<Scalar>(slope);
  }
  auto second_derivative(const auto& y) const { return detail::zero(y); }
};

/// y = 1 / (1 + exp(-z)).
/// ~~~{.cpp}
/// using Layers = ae::Stack<float, ae::Relu, ae::Sigmoid>;
/// ae::StackedAutoencoder<float, Layers> model({1024, 300, 150});  // codes from 0 to 1
/// ~~~
struct Sigmoid {
  static constexpr std::string_view name = "sigmoid";

  auto value(const auto& z) const { return z.logistic(); }
  auto derivative(const auto& y) const { return y * (1 - y); }
  auto second_derivative(const auto& y) const { return y * (1 - y) * (1 - 2 * y); }
};

/// y = tanh(z).
/// ~~~{.cpp}
/// ae::StackedAutoencoder<float, ae::Stack<float, ae::Tanh>> model({1024, 300, 150});
/// ~~~
struct Tanh {
  static constexpr std::string_view name = "tanh";

  auto value(const auto& z) const { return z.tanh(); }
  auto derivative(const auto& y) const { return 1 - y.square(); }
  auto second_derivative(const auto& y) const { return -2 * y * (1 - y.square()); }
};

/// y = log(1 + exp(z)), written so that exp never overflows. Dugas et al.,
/// "Incorporating second-order functional knowledge for better option pricing", NIPS 2000.
/// ~~~{.cpp}
/// ae::StackedAutoencoder<float, ae::Stack<float, ae::Softplus>> model({1024, 300, 150});
/// ~~~
struct Softplus {
  static constexpr std::string_view name = "softplus";

  auto value(const auto& z) const { return (z - z.min(0)) + (-z.abs()).exp().log1p(); }
  auto derivative(const auto& y) const { return 1 - (-y).exp(); }
  auto second_derivative(const auto& y) const { return (-y).exp() * (1 - (-y).exp()); }
};

}  // namespace ae::inline AE_ABI

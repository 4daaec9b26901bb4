#pragma once

#include <string_view>

#include "ae/core/concepts.hpp"

/// Elementwise functions as Eigen array expressions, without branches, so that they run on whole
/// packets. A NaN stays a NaN: z - min(z, 0) is max(z, 0), which alone may lose it.
namespace ae {

/// y = z.
struct Identity {
  static constexpr std::string_view name = "identity";

  auto value(const auto& z) const { return z; }
  auto derivative(const auto& y) const {
    using Array = std::decay_t<decltype(y)>;
    return Array::PlainObject::Ones(y.rows(), y.cols());
  }
};

/// y = z for z > 0, exp(z) - 1 elsewhere. Clevert, Unterthiner and Hochreiter, "Fast and accurate
/// deep network learning by exponential linear units (ELUs)", ICLR 2016, eq. 16, with alpha = 1.
struct Elu {
  static constexpr std::string_view name = "elu";

  auto value(const auto& z) const { return (z - z.min(0)) + (z.min(0).exp() - 1); }
  auto derivative(const auto& y) const { return y.min(0) + 1; }
};

/// y = max(z, 0). Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines",
/// ICML 2010.
struct Relu {
  static constexpr std::string_view name = "relu";

  auto value(const auto& z) const { return z - z.min(0); }
  auto derivative(const auto& y) const { return y.sign(); }
};

/// y = 1 / (1 + exp(-z)).
struct Sigmoid {
  static constexpr std::string_view name = "sigmoid";

  auto value(const auto& z) const { return z.logistic(); }
  auto derivative(const auto& y) const { return y * (1 - y); }
};

/// y = tanh(z).
struct Tanh {
  static constexpr std::string_view name = "tanh";

  auto value(const auto& z) const { return z.tanh(); }
  auto derivative(const auto& y) const { return 1 - y.square(); }
};

}  // namespace ae

#pragma once

#include "ae/detail/core/abi.hpp"

#include <charconv>
#include <string>

#include "ae/parts/any_activation.hpp"

/// Activations as C++: an expression of z, which is a `Scalar`. An activation of the caller's own
/// has such a function beside it, in its namespace.
/// ~~~{.cpp}
/// const std::string code = ae::to_cpp(ae::LeakyRelu{.slope = 0.2});  // an expression of z
/// ~~~
namespace ae::inline AE_ABI {

namespace detail {

/// A finite number as a literal that the compiler reads back to the last bit.
template <class Scalar>
std::string cpp_literal(Scalar value) {
  char buffer[32];
  std::string all(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  if (all.find_first_of(".e") == all.npos) all += ".0";
  return std::is_same_v<Scalar, float> ? all + 'f' : all;
}

}  // namespace detail

inline std::string to_cpp(const Identity&) {
  return "z";
}

inline std::string to_cpp(const Elu&) {
  return "z > 0 ? z : std::exp(z) - 1";
}

inline std::string to_cpp(const Selu&) {
  return "z > 0 ? Scalar(" + detail::cpp_literal(Selu::lambda) + ") * z : Scalar(" +
         detail::cpp_literal(Selu::lambda * Selu::alpha) + ") * (std::exp(z) - 1)";
}

inline std::string to_cpp(const Relu&) {
  return "z < 0 ? 0 : z";
}

inline std::string to_cpp(const LeakyRelu& leaky) {
  return "z < 0 ? Scalar(" + detail::cpp_literal(leaky.slope) + ") * z : z";
}

inline std::string to_cpp(const Sigmoid&) {
  return "1 / (1 + std::exp(-z))";
}

inline std::string to_cpp(const Tanh&) {
  return "std::tanh(z)";
}

inline std::string to_cpp(const Softplus&) {
  return "(z < 0 ? 0 : z) + std::log1p(std::exp(-std::abs(z)))";
}

inline std::string to_cpp(const Gelu&) {
  return "z * (Scalar(0.5) * (std::erf(Scalar(" + detail::cpp_literal(1 / std::numbers::sqrt2) +
         ") * z) + 1))";
}

inline std::string to_cpp(const Silu&) {
  return "z / (1 + std::exp(-z))";
}

inline std::string to_cpp(const AnyActivation& any) {
  return any.visit([](const auto& activation) { return to_cpp(activation); });
}

}  // namespace ae::inline AE_ABI

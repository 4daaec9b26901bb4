#pragma once

#include "ae/detail/core/abi.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

#include "ae/core/forward.hpp"

/// The built-in parts, which the library's tests hold against the concepts, so that programs need
/// not: that saves time in compiling. A part that is not listed here is checked wherever it is
/// used.
namespace ae::inline AE_ABI::detail {

enum class BuiltinKind { none, activation, loss, regularizer, optimizer };

template <class T, class... Ts>
constexpr bool is_any_of = (std::is_same_v<T, Ts> || ...);

/// What a built-in part is; `none` for all others.
template <class T>
constexpr BuiltinKind builtin_kind = BuiltinKind::none;
template <class T>
requires is_any_of<T, Identity, Elu, Selu, Relu, LeakyRelu, Sigmoid, Tanh, Softplus, Gelu, Silu,
                   AnyActivation>
constexpr BuiltinKind builtin_kind<T> = BuiltinKind::activation;
template <class T>
requires is_any_of<T, Mse, Mae, Huber, BinaryCrossEntropy, AnyLoss>
constexpr BuiltinKind builtin_kind<T> = BuiltinKind::loss;
template <class T>
requires is_any_of<T, NoRegularizer, L1, L2, Elastic>
constexpr BuiltinKind builtin_kind<T> = BuiltinKind::regularizer;
template <class T>
requires is_any_of<T, Adam, AdamW, Nadam, RmsProp, Sgd, Lion, AnyOptimizer>
constexpr BuiltinKind builtin_kind<T> = BuiltinKind::optimizer;

/// A small type that meets the concept of a kind.
template <BuiltinKind kind>
struct Archetype;
template <>
struct Archetype<BuiltinKind::activation> {
  static constexpr std::string_view name = "activation";
  auto value(const auto& z) const { return z; }
  auto derivative(const auto& y) const { return y; }
};
template <>
struct Archetype<BuiltinKind::loss> {
  auto value(const auto& y, const auto&) const { return y; }
  auto derivative(const auto& y, const auto&) const { return y; }
  double units(double scale) const { return scale; }
};
template <>
struct Archetype<BuiltinKind::regularizer> {
  double penalty(const auto&) const { return 0; }
  auto gradient(const auto& weight) const { return weight; }
};
template <>
struct Archetype<BuiltinKind::optimizer> {
  static constexpr int moments = 0;
  template <class Scalar>
  auto rule(double, std::ptrdiff_t) const {
    return [](const auto&, const auto&) {};
  }
};

template <class T>
struct CheckedAs : std::type_identity<Archetype<builtin_kind<T>>> {};
template <class T>
requires(builtin_kind<T> == BuiltinKind::none) struct CheckedAs<T> : std::type_identity<T> {
};

/// The type that a concept looks at for T: T itself, or the archetype of a built-in part.
template <class T>
using Checked = typename CheckedAs<T>::type;

}  // namespace ae::inline AE_ABI::detail

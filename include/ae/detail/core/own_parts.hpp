#pragma once

#include "ae/detail/core/abi.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

#include "ae/core/forward.hpp"

/// The library's own parts, which its tests check once, so that no program that uses them does
/// again.
namespace ae::inline AE_ABI::detail {

enum class OwnKind { none, activation, loss, regularizer, optimizer };

template <class T, class... Ts>
constexpr bool one_of = (std::is_same_v<T, Ts> || ...);

/// What a part of the library is; `none` for a part of the caller's own.
template <class T>
constexpr OwnKind own_kind = OwnKind::none;
template <class T>
requires one_of<T, Identity, Elu, Selu, Relu, LeakyRelu, Sigmoid, Tanh, Softplus, Gelu, Silu,
                AnyActivation>
constexpr OwnKind own_kind<T> = OwnKind::activation;
template <class T>
requires one_of<T, Mse, Mae, Huber, BinaryCrossEntropy, AnyLoss>
constexpr OwnKind own_kind<T> = OwnKind::loss;
template <class T>
requires one_of<T, NoRegularizer, L1, L2, Elastic>
constexpr OwnKind own_kind<T> = OwnKind::regularizer;
template <class T>
requires one_of<T, Adam, AdamW, Nadam, RmsProp, Sgd, Lion, AnyOptimizer>
constexpr OwnKind own_kind<T> = OwnKind::optimizer;

/// What stands for all own parts of a kind in checks.
template <OwnKind kind>
struct OwnPart;
template <>
struct OwnPart<OwnKind::activation> {
  static constexpr std::string_view name = "activation";
  auto value(const auto& z) const { return z; }
  auto derivative(const auto& y) const { return y; }
};
template <>
struct OwnPart<OwnKind::loss> {
  auto value(const auto& y, const auto&) const { return y; }
  auto derivative(const auto& y, const auto&) const { return y; }
  double units(double scale) const { return scale; }
};
template <>
struct OwnPart<OwnKind::regularizer> {
  double penalty(const auto&) const { return 0; }
  auto gradient(const auto& weight) const { return weight; }
};
template <>
struct OwnPart<OwnKind::optimizer> {
  static constexpr int moments = 0;
  template <class Scalar>
  auto rule(double, std::ptrdiff_t) const {
    return [](const auto&, const auto&) {};
  }
};

template <class T>
struct Checked : std::type_identity<OwnPart<own_kind<T>>> {};
template <class T>
requires(own_kind<T> == OwnKind::none) struct Checked<T> : std::type_identity<T> {
};

/// The part that a concept checks: the caller's own as it is.
template <class T>
using Check = typename Checked<T>::type;

}  // namespace ae::inline AE_ABI::detail

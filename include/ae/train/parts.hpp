#pragma once

#include <type_traits>

#include "ae/core/concepts.hpp"

namespace ae {

/// What a fit may be given beside its options: what runs for every element, chosen by type.
template <class T>
concept Part = Optimizer<T> || Loss<T> || Regularizer<T>;

template <class T>
struct IsOptimizer : std::bool_constant<Optimizer<T>> {};
template <class T>
struct IsLoss : std::bool_constant<Loss<T>> {};
template <class T>
struct IsRegularizer : std::bool_constant<Regularizer<T>> {};

/// The part of the asked kind, or the fallback if none is among them.
template <template <class> class Kind, class Fallback>
Fallback choose(const Fallback& fallback) {
  return fallback;
}

template <template <class> class Kind, class Fallback, Part First, Part... Rest>
auto choose(const Fallback& fallback, const First& first, const Rest&... rest) {
  if constexpr (Kind<First>::value) {
    static_assert(!(Kind<Rest>::value || ...), "two parts of the same kind");
    return first;
  } else {
    return choose<Kind>(fallback, rest...);
  }
}

}  // namespace ae

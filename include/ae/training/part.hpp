#pragma once

#include "ae/detail/core/abi.hpp"

#include <type_traits>

#include "ae/core/concepts.hpp"
#include "ae/detail/training/peers.hpp"
#include "ae/detail/training/reparameterization.hpp"
#include "ae/parts/clip_gradients.hpp"
#include "ae/parts/contractive.hpp"
#include "ae/parts/dropout.hpp"
#include "ae/parts/tied_weights.hpp"
#include "ae/parts/validation.hpp"

namespace ae::inline AE_ABI {

/// The kinds of parts: `kind::Optimizer<T>::value` is whether T is an optimizer, of models of float
/// or of double.
namespace detail::kind {

template <class T>
struct Optimizer : std::bool_constant<ae::Optimizer<T> || ae::Optimizer<T, double>> {};
template <class T>
struct Loss : std::bool_constant<ae::Loss<T> || ae::Loss<T, double>> {};
template <class T>
struct Regularizer : std::bool_constant<ae::Regularizer<T> || ae::Regularizer<T, double>> {};
template <class T>
struct Augmentation : std::bool_constant<ae::Augmentation<T> || ae::Augmentation<T, double>> {};
template <class T>
struct Corruption : std::bool_constant<ae::Corruption<T> || ae::Corruption<T, double>> {};
template <class T>
struct ActivityPenalty
    : std::bool_constant<ae::ActivityPenalty<T> || ae::ActivityPenalty<T, double>> {};
template <class T>
struct Contractive : std::is_same<T, ae::Contractive> {};
template <class T>
struct Dropout : std::is_same<T, ae::Dropout> {};
template <class T>
struct ClipGradients : std::is_same<T, ae::ClipGradients> {};
template <class T>
struct TiedWeights : std::is_same<T, ae::TiedWeights> {};
template <class T>
struct Reparameterization : std::is_same<T, detail::Reparameterization> {};
template <class T>
struct Together : std::false_type {};
template <class Scalar>
struct Together<detail::Together<Scalar>> : std::true_type {};
template <class T>
struct Validation : std::false_type {};
template <class Data>
struct Validation<ae::Validation<Data>> : std::true_type {};

}  // namespace detail::kind

/// What a fit may be given beside its options, one of a kind, in any order: what runs for every
/// element, chosen by type.
/// ~~~{.cpp}
/// static_assert(ae::Part<ae::Dropout> && ae::Part<ae::Huber>);
/// ~~~
template <class T>
concept Part = detail::kind::Optimizer<T>::value || detail::kind::Loss<T>::value ||
    detail::kind::Regularizer<T>::value || detail::kind::Augmentation<T>::value ||
    detail::kind::Corruption<T>::value || detail::kind::ActivityPenalty<T>::value ||
    detail::kind::Contractive<T>::value || detail::kind::Dropout<T>::value ||
    detail::kind::TiedWeights<T>::value || detail::kind::ClipGradients<T>::value ||
    detail::kind::Reparameterization<T>::value || detail::kind::Validation<T>::value ||
    detail::kind::Together<T>::value;

}  // namespace ae::inline AE_ABI

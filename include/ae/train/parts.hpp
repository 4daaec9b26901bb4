#pragma once

#include <limits>
#include <tuple>
#include <type_traits>

#include "ae/core/concepts.hpp"
#include "ae/nn/contractive.hpp"
#include "ae/nn/dropout.hpp"
#include "ae/nn/gaussian_code.hpp"
#include "ae/nn/loss.hpp"
#include "ae/nn/optimizer.hpp"
#include "ae/nn/regularizer.hpp"

/// What a fit may be given beside its options, one of a kind, in any order: what runs for every
/// element, chosen by type.
namespace ae {

/// The decoder's weights are the encoder's, transposed: one parameter in two places, whose
/// derivative is the sum of both. Vincent et al., JMLR 11, 2010, section 2.2. The fit begins by
/// copying the encoder's; a later fit without this part lets the two go their own ways.
struct TiedWeights {};

/// Brings every entry of the gradients of the loss to at most `value`, then all of them together to
/// a norm of at most `norm`. Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent
/// neural networks", ICML 2013, algorithm 1.
struct ClipGradients {
  double norm = std::numeric_limits<double>::infinity();
  double value = std::numeric_limits<double>::infinity();

  /// Throws OptionError for a limit that is not above 0.
  void require_valid() const {
    require<OptionError>(norm > 0, "clipping: expected a norm above 0, found ", norm);
    require<OptionError>(value > 0, "clipping: expected a value above 0, found ", value);
  }
};

/// Samples that a fit measures after every epoch and never learns from: a matrix (features x
/// samples) or a source, which must live as long.
template <class Data>
struct Validation {
  explicit Validation(const Data& samples) : data(samples) {}
  const Data& data;
};

namespace kind {

template <class T>
struct Optimizer : std::bool_constant<ae::Optimizer<T>> {};
template <class T>
struct Loss : std::bool_constant<ae::Loss<T>> {};
template <class T>
struct Regularizer : std::bool_constant<ae::Regularizer<T>> {};
template <class T>
struct Augmentation : std::bool_constant<ae::Augmentation<T>> {};
template <class T>
struct Corruption : std::bool_constant<ae::Corruption<T>> {};
template <class T>
struct ActivityPenalty : std::bool_constant<ae::ActivityPenalty<T>> {};
template <class T>
struct Contractive : std::is_same<T, ae::Contractive> {};
template <class T>
struct Dropout : std::is_same<T, ae::Dropout> {};
template <class T>
struct ClipGradients : std::is_same<T, ae::ClipGradients> {};
template <class T>
struct TiedWeights : std::is_same<T, ae::TiedWeights> {};
template <class T>
struct Reparametrised : std::is_same<T, ae::Reparametrised> {};
template <class T>
struct Validation : std::false_type {};
template <class Data>
struct Validation<ae::Validation<Data>> : std::true_type {};

}  // namespace kind

template <class T>
concept Part = kind::Optimizer<T>::value || kind::Loss<T>::value || kind::Regularizer<T>::value ||
    kind::Augmentation<T>::value || kind::Corruption<T>::value || kind::ActivityPenalty<T>::value ||
    kind::Contractive<T>::value || kind::Dropout<T>::value || kind::TiedWeights<T>::value ||
    kind::ClipGradients<T>::value || kind::Reparametrised<T>::value || kind::Validation<T>::value;

/// The parts of one fit. Those that are not given are Adam, the mean squared error, and no
/// regularizer.
template <Part... Parts>
class Recipe {
 public:
  /// Throws OptionError for a part with a number outside its range.
  explicit Recipe(const Parts&... parts) : parts_(parts...) { (require_valid(parts), ...); }

  template <template <class> class Kind>
  static constexpr bool has = (Kind<Parts>::value || ...);

  /// The part of a kind that is there.
  template <template <class> class Kind>
  const auto& get() const {
    static_assert((int{Kind<Parts>::value} + ...) == 1, "expected one part of each kind");
    return std::get<index_of<Kind>()>(parts_);
  }

  auto optimizer() const { return get_or<kind::Optimizer>(Adam{}); }
  auto loss() const { return get_or<kind::Loss>(Mse{}); }
  auto regularizer() const { return get_or<kind::Regularizer>(L2{}); }

 private:
  template <template <class> class Kind>
  static constexpr std::size_t index_of() {
    std::size_t index = 0;
    (void)((Kind<Parts>::value || (++index, false)) || ...);
    return index;
  }

  template <template <class> class Kind, class Fallback>
  auto get_or(const Fallback& fallback) const {
    if constexpr (has<Kind>) {
      return get<Kind>();
    } else {
      return fallback;
    }
  }

  static void require_valid(const auto& part) {
    if constexpr (requires { part.require_valid(); }) part.require_valid();
  }

  std::tuple<Parts...> parts_;
};

}  // namespace ae

#pragma once

#include "ae/detail/core/abi.hpp"

#include <tuple>

#include "ae/parts/adam.hpp"
#include "ae/parts/loss.hpp"
#include "ae/parts/regularizer.hpp"
#include "ae/training/part.hpp"

namespace ae::inline AE_ABI::detail {

/// The parts of one fit. Those that are not given are Adam, the mean squared error, and no
/// regularizer.
template <Part... Parts>
class FitParts {
 public:
  /// Throws OptionError for a part with a number outside its range.
  explicit FitParts(const Parts&... parts) : parts_(parts...) { (require_valid(parts), ...); }

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
  auto regularizer() const { return get_or<kind::Regularizer>(NoRegularizer{}); }

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

}  // namespace ae::inline AE_ABI::detail

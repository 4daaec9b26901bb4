#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/one_of.hpp"
#include "ae/detail/parts/loss_domain.hpp"
#include "ae/parts/loss.hpp"

namespace ae::inline AE_ABI {

/// A loss that is chosen when the program runs, by its name or as any of the library's:
/// ~~~{.cpp}
/// model.fit(x, options, ae::AnyLoss::named("mae"));
/// ae::AnyLoss loss = ae::Huber{.delta = 0.5};
/// ~~~
/// So a fit is compiled once, not once for every loss. What is computed is an array of its own,
/// which is cheap for the few entries that training works on. By default it is `Mse`.
class AnyLoss : public detail::OneOf<Mse, Mae, Huber, BinaryCrossEntropy> {
 public:
  using OneOf::OneOf;
  AnyLoss() = default;

  /// Throws OptionError for a name that none of them has.
  static AnyLoss named(std::string_view name) { return OneOf::named(name, "loss"); }

  template <class Array>
  auto value(const Array& y, const auto& target) const {
    using Values = typename Array::PlainObject;
    return visit([&](const auto& loss) -> Values { return loss.value(y, target); });
  }

  template <class Array>
  auto derivative(const Array& y, const auto& target) const {
    using Values = typename Array::PlainObject;
    return visit([&](const auto& loss) -> Values { return loss.derivative(y, target); });
  }

  double units(double scale) const {
    return visit([&](const auto& loss) { return loss.units(scale); });
  }

  Link link() const {
    return visit([](const auto& loss) { return detail::link_of(loss); });
  }
  TargetRange targets() const {
    return visit([](const auto& loss) { return detail::targets_of(loss); });
  }

 private:
  AnyLoss(const OneOf& chosen) : OneOf(chosen) {}
};

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/one_of.hpp"
#include "ae/parts/activation.hpp"

namespace ae::inline AE_ABI {

/// An activation that is chosen when the program runs, by its name or as any of the library's:
/// ~~~{.cpp}
/// ae::Dense<float, ae::AnyActivation> layer(784, 64, ae::AnyActivation::named("gelu"));
/// ae::AnyActivation leaky = ae::LeakyRelu{.slope = 0.2};
/// ~~~
/// So a model is compiled once, not once for every activation. What is computed is an array of its
/// own, which is cheap for the packets that layers work on. The derivative is in terms of z,
/// whichever activation it is: a layer keeps z beside its output. By default it is `Elu`.
class AnyActivation : public detail::OneOf<Elu, Relu, LeakyRelu, Selu, Gelu, Silu, Softplus, Tanh,
                                           Sigmoid, Identity> {
 public:
  using OneOf::OneOf;
  AnyActivation() = default;

  /// Throws OptionError for a name that none of them has.
  static AnyActivation named(std::string_view name) { return OneOf::named(name, "activation"); }

  template <class Array>
  auto value(const Array& z) const {
    using Values = typename Array::PlainObject;
    return visit([&](const auto& activation) -> Values { return activation.value(z); });
  }

  template <class Array>
  auto derivative_at(const Array& z) const {
    using Values = typename Array::PlainObject;
    return visit([&](const auto& activation) -> Values {
      if constexpr (requires { activation.derivative(z); }) {
        const Values y = activation.value(z);
        return activation.derivative(y);
      } else {
        return activation.derivative_at(z);
      }
    });
  }

  template <class Array>
  auto second_derivative_at(const Array& z) const {
    using Values = typename Array::PlainObject;
    return visit([&](const auto& activation) -> Values {
      if constexpr (requires { activation.second_derivative(z); }) {
        const Values y = activation.value(z);
        return activation.second_derivative(y);
      } else {
        return activation.second_derivative_at(z);
      }
    });
  }

 private:
  AnyActivation(const OneOf& chosen) : OneOf(chosen) {}
};

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/one_of.hpp"
#include "ae/parts/optimizer.hpp"

namespace ae::inline AE_ABI {

/// An optimizer that is chosen when the program runs, by its name or as any of the library's:
/// ~~~{.cpp}
/// model.fit(x, options, ae::AnyOptimizer::named("adamw"));
/// ae::AnyOptimizer optimizer = ae::Sgd{.momentum = 0.9};
/// ~~~
/// So a fit is compiled once, not once for every optimizer; the choice is made again for every few
/// entries that are updated. It keeps two moments, whichever optimizer it is. By default it is
/// `Adam`.
class AnyOptimizer : public detail::OneOf<Adam, AdamW, Nadam, RmsProp, Sgd, Lion> {
 public:
  static constexpr Index moments = 2;

  using OneOf::OneOf;
  AnyOptimizer() = default;

  /// Throws OptionError for a name that none of them has.
  static AnyOptimizer named(std::string_view name) { return OneOf::named(name, "optimizer"); }

  /// One step's update of some entries of a parameter, see `Optimizer`.
  template <class Scalar>
  class Rule {
   public:
    template <class Chosen>
    explicit Rule(const Chosen& rule) : rule_(rule) {}

    void operator()(auto&& parameter, const auto& gradient, auto&& first, auto&& second) const {
      const auto update = [&](const auto& rule) {
        if constexpr (requires { rule(parameter, gradient, first, second); }) {
          rule(parameter, gradient, first, second);
        } else {
          rule(parameter, gradient, first);
        }
      };
      std::visit(update, rule_);
    }

    /// For parameters that are not regularized.
    Rule without_decay() const {
      const auto undecayed = [](const auto& rule) {
        if constexpr (requires { rule.without_decay(); }) {
          return Rule(rule.without_decay());
        } else {
          return Rule(rule);
        }
      };
      return std::visit(undecayed, rule_);
    }

   private:
    std::variant<Adam::Rule<Scalar>, AdamW::Rule<Scalar>, Nadam::Rule<Scalar>,
                 RmsProp::Rule<Scalar>, Sgd::Rule<Scalar>, Lion::Rule<Scalar>>
        rule_;
  };

  template <class Scalar>
  Rule<Scalar> rule(double rate, Index step) const {
    return visit([&](const auto& optimizer) {
      return Rule<Scalar>(optimizer.template rule<Scalar>(rate, step));
    });
  }

 private:
  AnyOptimizer(const OneOf& chosen) : OneOf(chosen) {}
};

}  // namespace ae::inline AE_ABI

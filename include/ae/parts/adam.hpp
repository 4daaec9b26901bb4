#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require.hpp"
#include "ae/detail/core/require_range.hpp"

/// Adam and its variants. Epsilon stands outside the square root of the bias-corrected second
/// moment.
namespace ae::inline AE_ABI {

/// Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.
/// ~~~{.cpp}
/// model.fit(x, {.learning_rate = 1e-3}, ae::Adam{.beta2 = 0.99});
/// ~~~
struct Adam {
  static constexpr std::string_view name = "adam";
  static constexpr Index moments = 2;

  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;

  /// Throws OptionError for a number outside its range.
  void require_valid() const {
    detail::require<OptionError>(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1,
                                 "Adam: expected betas from 0 to below 1, found ", beta1, " and ",
                                 beta2);
    detail::require_above_zero(epsilon, "Adam", "an epsilon");
  }

  /// One step's update of some entries of a parameter, see `Optimizer`.
  template <class Scalar>
  struct Rule {
    Scalar beta1, beta2, epsilon, rate, second_correction;

    void operator()(auto&& parameter, const auto& gradient, auto&& first, auto&& second) const {
      update_moments(gradient, first, second);
      parameter.array() -= rate * first.array() / root_of_second(second);
    }

    void update_moments(const auto& gradient, auto&& first, auto&& second) const {
      first = beta1 * first + (1 - beta1) * gradient;
      second = beta2 * second + (1 - beta2) * gradient.cwiseAbs2();
    }
    auto root_of_second(const auto& second) const {
      return (second.array() * second_correction).sqrt() + epsilon;
    }
  };

  /// The update of one step, counted from 1; both bias corrections are in its numbers.
  template <class Scalar>
  Rule<Scalar> rule(double rate, Index step) const {
    const auto count = static_cast<double>(step);
    return {.beta1 = static_cast<Scalar>(beta1),
            .beta2 = static_cast<Scalar>(beta2),
            .epsilon = static_cast<Scalar>(epsilon),
            .rate = static_cast<Scalar>(rate / (1 - std::pow(beta1, count))),
            .second_correction = static_cast<Scalar>(1 / (1 - std::pow(beta2, count)))};
  }
};

/// Adam with weight decay that does not go through the gradient and its moments: a step begins with
/// w -= rate decay w. Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019,
/// algorithm 2; there the decay is multiplied by the schedule alone.
/// ~~~{.cpp}
/// model.fit(x, {.schedule = ae::cosine()}, ae::AdamW{.decay = 0.05});
/// ~~~
struct AdamW {
  static constexpr std::string_view name = "adamw";
  static constexpr Index moments = 2;

  double decay = 0.01;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;

  /// Throws OptionError for a number outside its range.
  void require_valid() const {
    adam().require_valid();
    detail::require_at_least_zero(decay, "AdamW", "a decay");
  }

  /// One step's update of some entries of a parameter, see `Optimizer`.
  template <class Scalar>
  struct Rule {
    Adam::Rule<Scalar> adam;
    Scalar kept_share;  // of a weight after its decay

    void operator()(auto&& parameter, const auto& gradient, auto&& first, auto&& second) const {
      adam.update_moments(gradient, first, second);
      parameter.array() =
          kept_share * parameter.array() - adam.rate * first.array() / adam.root_of_second(second);
    }
    /// For parameters that are not regularized.
    Rule without_decay() const { return {adam, 1}; }
  };

  template <class Scalar>
  Rule<Scalar> rule(double rate, Index step) const {
    return {adam().rule<Scalar>(rate, step), static_cast<Scalar>(1 - rate * decay)};
  }

 private:
  Adam adam() const { return {beta1, beta2, epsilon}; }
};

/// Adam with Nesterov's momentum, which grows with the steps: mu_t = beta1 (1 - 0.96^(t / 250) /
/// 2). Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016, algorithm 2.
/// ~~~{.cpp}
/// model.fit(x, {.learning_rate = 2e-3}, ae::Nadam{});
/// ~~~
struct Nadam {
  static constexpr std::string_view name = "nadam";
  static constexpr Index moments = 2;

  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;

  /// Throws OptionError for a number outside its range.
  void require_valid() const { Adam{beta1, beta2, epsilon}.require_valid(); }

  /// One step's update of some entries of a parameter, see `Optimizer`.
  template <class Scalar>
  struct Rule {
    Adam::Rule<Scalar> adam;
    Scalar gradient_rate, first_rate;

    void operator()(auto&& parameter, const auto& gradient, auto&& first, auto&& second) const {
      adam.update_moments(gradient, first, second);
      parameter.array() -= (gradient_rate * gradient.array() + first_rate * first.array()) /
                           adam.root_of_second(second);
    }
  };

  template <class Scalar>
  Rule<Scalar> rule(double rate, Index step) const {
    double product = 1;  // of the momenta so far; once it is nothing beside 1, more do not matter
    for (Index t = 1; t <= step && product > 1e-20; ++t) product *= momentum(t);
    const double now = momentum(step), next = momentum(step + 1);
    return {Adam{beta1, beta2, epsilon}.rule<Scalar>(rate, step),
            static_cast<Scalar>(rate * (1 - now) / (1 - product)),
            static_cast<Scalar>(rate * next / (1 - product * next))};
  }

 private:
  double momentum(Index step) const {
    return beta1 * (1 - std::pow(0.96, static_cast<double>(step) / 250) / 2);
  }
};

}  // namespace ae::inline AE_ABI

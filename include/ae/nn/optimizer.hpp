#pragma once

#include <cmath>

#include "ae/core/concepts.hpp"
#include "ae/core/error.hpp"

namespace ae {

/// Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1. Epsilon
/// stands outside the square root of the bias-corrected second moment.
struct Adam {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;

  /// Throws OptionError for a number outside its range.
  void require_valid() const {
    require<OptionError>(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1,
                         "Adam: expected betas from 0 to below 1, found ", beta1, " and ", beta2);
    require<OptionError>(epsilon > 0 && std::isfinite(epsilon),
                         "Adam: expected an epsilon above 0, found ", epsilon);
  }

  template <class Scalar>
  struct Rule {
    Scalar beta1, beta2, epsilon, rate, second_correction;

    void operator()(auto&& parameter, const auto& gradient, auto&& first, auto&& second) const {
      first = beta1 * first + (1 - beta1) * gradient;
      second = beta2 * second + (1 - beta2) * gradient.cwiseAbs2();
      parameter.array() -=
          rate * first.array() / ((second.array() * second_correction).sqrt() + epsilon);
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

}  // namespace ae

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/sign.hpp"
#include "ae/parts/adam.hpp"

/// Optimizers, with those of `adam.hpp`. The gradient that a rule is given may be an expression of
/// the parameter, so the parameter changes last.
namespace ae::inline AE_ABI {

/// Stochastic gradient descent: v = momentum v + g, then w -= rate v. With `nesterov` the momentum
/// looks one step ahead: w -= rate (g + momentum v). Polyak, "Some methods of speeding up the
/// convergence of iteration methods", 1964; Sutskever, Martens, Dahl and Hinton, "On the importance
/// of initialization and momentum in deep learning", ICML 2013, eq. 3 and 4, whose v holds the
/// rate.
/// ~~~{.cpp}
/// model.fit(x, {.learning_rate = 0.1}, ae::Sgd{.momentum = 0.9, .nesterov = true});
/// ~~~
struct Sgd {
  static constexpr std::string_view name = "sgd";
  static constexpr Index moments = 1;

  double momentum = 0;
  bool nesterov = false;

  /// Throws OptionError for a number outside its range.
  void require_valid() const {
    detail::require<OptionError>(momentum >= 0 && momentum < 1,
                                 "Sgd: expected a momentum from 0 to below 1, found ", momentum);
  }

  /// One step's update of some entries of a parameter, see `Optimizer`.
  template <class Scalar>
  struct Rule {
    Scalar momentum, rate;
    bool nesterov;

    void operator()(auto&& parameter, const auto& gradient, auto&& first) const {
      first = momentum * first + gradient;
      if (nesterov) {
        parameter -= rate * (gradient + momentum * first);
      } else {
        parameter -= rate * first;
      }
    }
  };

  template <class Scalar>
  Rule<Scalar> rule(double rate, Index) const {
    return {static_cast<Scalar>(momentum), static_cast<Scalar>(rate), nesterov};
  }
};

/// v = decay v + (1 - decay) g^2, then w -= rate g / (sqrt(v) + epsilon). Tieleman and Hinton,
/// "RMSprop: divide the gradient by a running average of its recent magnitude", Coursera, 2012,
/// lecture 6.5.
/// ~~~{.cpp}
/// model.fit(x, {.learning_rate = 1e-3}, ae::RmsProp{.decay = 0.99});
/// ~~~
struct RmsProp {
  static constexpr std::string_view name = "rmsprop";
  static constexpr Index moments = 1;

  double decay = 0.9;
  double epsilon = 1e-8;

  /// Throws OptionError for a number outside its range.
  void require_valid() const {
    detail::require<OptionError>(decay >= 0 && decay < 1,
                                 "RmsProp: expected a decay from 0 to below 1, found ", decay);
    detail::require_above_zero(epsilon, "RmsProp", "an epsilon");
  }

  /// One step's update of some entries of a parameter, see `Optimizer`.
  template <class Scalar>
  struct Rule {
    Scalar decay, epsilon, rate;

    void operator()(auto&& parameter, const auto& gradient, auto&& mean_square) const {
      mean_square = decay * mean_square + (1 - decay) * gradient.cwiseAbs2();
      parameter.array() -= rate * gradient.array() / (mean_square.array().sqrt() + epsilon);
    }
  };

  template <class Scalar>
  Rule<Scalar> rule(double rate, Index) const {
    return {static_cast<Scalar>(decay), static_cast<Scalar>(epsilon), static_cast<Scalar>(rate)};
  }
};

/// Every entry moves by the rate, against the sign of beta1 m + (1 - beta1) g; then m = beta2 m +
/// (1 - beta2) g. Weights decay by themselves, w -= rate decay w. Chen et al., "Symbolic discovery
/// of optimization algorithms", NeurIPS 2023, algorithm 2, which advises a rate 3 to 10 times
/// smaller than AdamW's, and a decay as many times larger.
/// ~~~{.cpp}
/// model.fit(x, {.learning_rate = 2e-4, .schedule = ae::cosine()}, ae::Lion{.decay = 0.1});
/// ~~~
struct Lion {
  static constexpr std::string_view name = "lion";
  static constexpr Index moments = 1;

  double decay = 0;
  double beta1 = 0.9;
  double beta2 = 0.99;

  /// Throws OptionError for a number outside its range.
  void require_valid() const {
    detail::require<OptionError>(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1,
                                 "Lion: expected betas from 0 to below 1, found ", beta1, " and ",
                                 beta2);
    detail::require_at_least_zero(decay, "Lion", "a decay");
  }

  /// One step's update of some entries of a parameter, see `Optimizer`.
  template <class Scalar>
  struct Rule {
    Scalar beta1, beta2, rate, left;  // of a weight after its decay

    /// What is between goes to the stack, so entries of unknown number are taken one by one.
    void operator()(auto&& parameter, const auto& gradient, auto&& first) const {
      using Entries = std::decay_t<decltype(first)>;
      if constexpr (Entries::SizeAtCompileTime != Eigen::Dynamic) {
        const typename Entries::PlainObject update = beta1 * first + (1 - beta1) * gradient;
        first = beta2 * first + (1 - beta2) * gradient;
        parameter.array() = left * parameter.array() - rate * detail::sign(update.array());
      } else {
        for (Index col = 0; col < first.cols(); ++col) {
          for (Index row = 0; row < first.rows(); ++row) {
            (*this)(parameter.template block<1, 1>(row, col),
                    gradient.template block<1, 1>(row, col), first.template block<1, 1>(row, col));
          }
        }
      }
    }
    /// For parameters that are not regularized.
    Rule without_decay() const { return {beta1, beta2, rate, 1}; }
  };

  template <class Scalar>
  Rule<Scalar> rule(double rate, Index) const {
    return {static_cast<Scalar>(beta1), static_cast<Scalar>(beta2), static_cast<Scalar>(rate),
            static_cast<Scalar>(1 - rate * decay)};
  }
};

}  // namespace ae::inline AE_ABI

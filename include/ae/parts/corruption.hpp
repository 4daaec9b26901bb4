#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require.hpp"
#include "ae/detail/core/require_range.hpp"

/// Noise on the inputs of a denoising autoencoder, whose targets stay clean: Vincent, Larochelle,
/// Lajoie, Bengio and Manzagol, "Stacked denoising autoencoders", JMLR 11, 2010, section 3.3.
namespace ae::inline AE_ABI {

/// Adds normal noise of this deviation, in the units of the data.
/// ~~~{.cpp}
/// model.fit(pictures, {.epochs = 100}, ae::GaussianNoise{.sigma = 25});  // of pixels to 255
/// ~~~
struct GaussianNoise {
  double sigma = 1;

  /// Throws OptionError for a negative or infinite sigma.
  void require_valid() const { detail::require_at_least_zero(sigma, "Gaussian noise", "a sigma"); }

  template <class X>
  void corrupt(X&& x, const Random& random, std::uint64_t index) const {
    using Scalar = typename std::decay_t<X>::Scalar;
    for (auto column : x.colwise()) {
      for (auto& value : column) value += static_cast<Scalar>(sigma * random.normal(index++));
    }
  }
};

/// Replaces each value by `value` with this probability.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100}, ae::Masking{.probability = 0.3});
/// ~~~
struct Masking {
  double probability = 0.25;
  double value = 0;

  /// Throws OptionError for a probability outside [0, 1] or a value that is not finite.
  void require_valid() const {
    detail::require<OptionError>(probability >= 0 && probability <= 1,
                                 "masking: expected a probability from 0 to 1, found ",
                                 probability);
    detail::require<OptionError>(std::isfinite(value), "masking: expected a finite value, found ",
                                 value);
  }

  template <class X>
  void corrupt(X&& x, const Random& random, std::uint64_t index) const {
    using Scalar = typename std::decay_t<X>::Scalar;
    for (auto column : x.colwise()) {
      for (auto& entry : column) {
        if (random.uniform(index++) < probability) entry = static_cast<Scalar>(value);
      }
    }
  }
};

/// Replaces each value with this probability: by `low` or by `high`, each as often.
/// ~~~{.cpp}
/// model.fit(pictures, {.epochs = 100}, ae::SaltAndPepper{.probability = 0.05});
/// ~~~
struct SaltAndPepper {
  double probability = 0.1;
  double low = 0;
  double high = 255;

  /// Throws OptionError for a probability outside [0, 1] or values that are not finite.
  void require_valid() const {
    detail::require<OptionError>(probability >= 0 && probability <= 1,
                                 "salt and pepper: expected a probability from 0 to 1, found ",
                                 probability);
    detail::require<OptionError>(std::isfinite(low) && std::isfinite(high),
                                 "salt and pepper: expected finite values, found ", low, " and ",
                                 high);
  }

  template <class X>
  void corrupt(X&& x, const Random& random, std::uint64_t index) const {
    using Scalar = typename std::decay_t<X>::Scalar;
    for (auto column : x.colwise()) {
      for (auto& entry : column) {
        const double u = random.uniform(index++);
        if (u < probability) entry = static_cast<Scalar>(u < probability / 2 ? low : high);
      }
    }
  }
};

}  // namespace ae::inline AE_ABI

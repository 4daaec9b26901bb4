#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <functional>
#include <numbers>

#include "ae/detail/core/require.hpp"
#include "ae/training/history.hpp"

/// How the rate changes while a fit goes on.
namespace ae::inline AE_ABI {

/// The factor on the rate, before every step.
/// ~~~{.cpp}
/// const ae::Schedule falls_once = [](const ae::Progress& at) { return at.done < 0.8 ? 1 : 0.1; };
/// model.fit(x, {.schedule = falls_once});
/// ~~~
using Schedule = std::function<double(const Progress&)>;

/// The rate as it is.
/// ~~~{.cpp}
/// model.fit(x, {.learning_rate = 1e-3, .schedule = ae::constant()});  // the default
/// ~~~
inline Schedule constant() {
  return [](const Progress&) { return 1.0; };
}

/// Half a cosine from 1 down to 0, behind a linear rise over the first `warmup` of the fit.
/// Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, eq. 5.
/// Throws OptionError unless 0 <= warmup < 1.
/// ~~~{.cpp}
/// model.fit(x, {.learning_rate = 3e-3, .schedule = ae::cosine(0.05)});
/// ~~~
inline Schedule cosine(double warmup = 0) {
  detail::require<OptionError>(warmup >= 0 && warmup < 1,
                               "cosine schedule: expected a warm-up from 0 to below 1, found ",
                               warmup);
  return [warmup](const Progress& at) {
    if (at.done < warmup) return at.done / warmup;
    return (1 + std::cos(std::numbers::pi * (at.done - warmup) / (1 - warmup))) / 2;
  };
}

/// Multiplied by `factor` every so many epochs. Throws OptionError unless 0 < factor <= 1 and
/// epochs >= 1.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 90, .schedule = ae::steps(30)});  // to a tenth after 30 and 60 epochs
/// ~~~
inline Schedule steps(Index epochs, double factor = 0.1) {
  detail::require<OptionError>(epochs > 0, "step schedule: expected at least 1 epoch, found ",
                               epochs);
  detail::require<OptionError>(factor > 0 && factor <= 1,
                               "step schedule: expected a factor above 0 and at most 1, found ",
                               factor);
  return [epochs, factor](const Progress& at) {
    const Index taken = at.epoch / epochs;
    return std::pow(factor, static_cast<double>(taken));
  };
}

/// Multiplied by `factor` with every epoch. Throws OptionError unless 0 < factor <= 1.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100, .schedule = ae::exponential(0.97)});
/// ~~~
inline Schedule exponential(double factor) {
  detail::require<OptionError>(
      factor > 0 && factor <= 1,
      "exponential schedule: expected a factor above 0 and at most 1, found ", factor);
  return [factor](const Progress& at) { return std::pow(factor, static_cast<double>(at.epoch)); };
}

/// Multiplied by `factor` whenever the loss, the validation's if there is one, has not fallen to a
/// new low for `patience` epochs. Throws OptionError unless 0 < factor < 1 and patience >= 1.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 500, .schedule = ae::on_plateau(10, 0.5), .validation_split = 0.1});
/// ~~~
inline Schedule on_plateau(Index patience = 10, double factor = 0.5) {
  detail::require<OptionError>(patience > 0,
                               "plateau schedule: expected a patience of at least 1 epoch, ",
                               "found ", patience);
  detail::require<OptionError>(factor > 0 && factor < 1,
                               "plateau schedule: expected a factor between 0 and 1, found ",
                               factor);
  return [patience, factor](const Progress& at) {
    double rate = 1, best = std::numeric_limits<double>::infinity();
    Index waited = 0;
    for (const EpochReport& epoch : at.history) {
      const double loss = std::isnan(epoch.validation) ? epoch.total() : epoch.validation;
      waited = loss < best ? 0 : waited + 1;
      best = std::min(best, loss);
      if (waited < patience) continue;
      rate *= factor;
      waited = 0;
    }
    return rate;
  };
}

}  // namespace ae::inline AE_ABI

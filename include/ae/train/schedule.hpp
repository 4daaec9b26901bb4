#pragma once

#include <cmath>
#include <functional>
#include <numbers>

#include "ae/core/error.hpp"

/// How the rate changes while a fit goes on.
namespace ae {

/// The factor on the rate, given how much of the fit is done, from 0 to 1.
using Schedule = std::function<double(double done)>;

/// The rate as it is.
inline Schedule constant() {
  return [](double) { return 1.0; };
}

/// Half a cosine from 1 down to 0, behind a linear rise over the first `warmup` of the fit.
/// Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, eq. 5.
/// Throws OptionError unless 0 <= warmup < 1.
inline Schedule cosine(double warmup = 0) {
  require<OptionError>(warmup >= 0 && warmup < 1,
                       "cosine schedule: expected a warm-up from 0 to below 1, found ", warmup);
  return [warmup](double done) {
    if (done < warmup) return done / warmup;
    return (1 + std::cos(std::numbers::pi * (done - warmup) / (1 - warmup))) / 2;
  };
}

}  // namespace ae

#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <cstdio>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/require.hpp"
#include "ae/training/options.hpp"

namespace ae::inline AE_ABI {

AE_HEADER_INLINE void print_warning(const std::string& text) {
  std::fputs((text + '\n').c_str(), stderr);
}

AE_HEADER_INLINE void require_valid(const FitOptions& options, Index samples, bool validated) {
  detail::require<OptionError>(options.epochs > 0 && options.epochs <= 1'000'000'000,
                               "fit: expected from 1 to 1,000,000,000 epochs, found ",
                               options.epochs);
  detail::require<OptionError>(std::isfinite(options.learning_rate) && options.learning_rate > 0,
                               "fit: expected a learning_rate above 0, found ",
                               options.learning_rate);
  detail::require<OptionError>(options.ema_decay >= 0 && options.ema_decay < 1,
                               "fit: expected an ema_decay from 0 to below 1, found ",
                               options.ema_decay);
  detail::require<OptionError>(options.patience >= 0,
                               "fit: expected a patience of at least 0, found ", options.patience);
  detail::require<OptionError>(
      options.patience == 0 || validated,
      "fit: a patience needs validation data or a validation_split, found none");
  detail::require<OptionError>(static_cast<bool>(options.schedule), "fit: the schedule is empty");
  for (const Callback& callback : options.callbacks) {
    detail::require<OptionError>(static_cast<bool>(callback), "fit: a callback is empty");
  }
  if (options.sample_weights.empty()) return;
  detail::require<ShapeError>(static_cast<Index>(options.sample_weights.size()) == samples,
                              "fit: expected a sample weight for each of the ", samples,
                              " samples, found ", options.sample_weights.size());
  for (std::size_t i = 0; i < options.sample_weights.size(); ++i) {
    const double weight = options.sample_weights[i];
    detail::require<OptionError>(std::isfinite(weight) && weight >= 0,
                                 "fit: expected sample weights of at least 0, found ", weight,
                                 " for sample ", i);
  }
}

}  // namespace ae::inline AE_ABI

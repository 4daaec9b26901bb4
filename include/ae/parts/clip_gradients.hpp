#pragma once

#include "ae/detail/core/abi.hpp"

#include <limits>

#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI {

/// Brings every entry of the gradients of the loss to at most `value`, then all of them together to
/// a norm of at most `norm`. Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent
/// neural networks", ICML 2013, algorithm 1.
/// ~~~{.cpp}
/// model.fit(x, {.learning_rate = 1e-2}, ae::ClipGradients{.norm = 1});
/// ~~~
struct ClipGradients {
  double norm = std::numeric_limits<double>::infinity();
  double value = std::numeric_limits<double>::infinity();

  /// Throws OptionError for a limit that is not above 0.
  void require_valid() const {
    detail::require<OptionError>(norm > 0, "clipping: expected a norm above 0, found ", norm);
    detail::require<OptionError>(value > 0, "clipping: expected a value above 0, found ", value);
  }
};

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/require.hpp"
#include "ae/detail/core/require_range.hpp"

namespace ae::inline AE_ABI {

/// lambda times the squared Frobenius norm of the encoder's Jacobian, the mean over a batch. Rifai,
/// Vincent, Muller, Glorot and Bengio, "Contractive auto-encoders", ICML 2011, eq. 1 and 3. The
/// norm is the sum of |J' v|^2 over the unit vectors v of the code, which takes two passes of the
/// encoder for each; or, for large codes, its unbiased estimate from `directions` vectors of random
/// signs: Hutchinson, Communications in Statistics 18, 1989. In the units of the network.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100}, ae::Contractive{.lambda = 0.1, .directions = 4});
/// ~~~
struct Contractive {
  double lambda = 1e-3;
  Index directions = 0;  ///< 0: the norm itself

  /// Throws OptionError for a negative or infinite lambda or a negative number of directions.
  void require_valid() const {
    detail::require_at_least_zero(lambda, "contractive", "a lambda");
    detail::require<OptionError>(directions >= 0,
                                 "contractive: expected at least 0 directions, found ", directions);
  }
};

}  // namespace ae::inline AE_ABI

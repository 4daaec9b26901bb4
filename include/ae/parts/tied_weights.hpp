#pragma once

#include "ae/detail/core/abi.hpp"

namespace ae::inline AE_ABI {

/// The decoder's weights are the encoder's, transposed: one parameter in two places, whose
/// derivative is the sum of both. Vincent et al., JMLR 11, 2010, section 2.2. The fit begins by
/// copying the encoder's; a later fit without this part trains the two apart.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100}, ae::TiedWeights{});
/// ~~~
struct TiedWeights {};

}  // namespace ae::inline AE_ABI

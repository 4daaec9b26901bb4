#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI {

/// In training, each output of a hidden layer, the code's excepted, is zero with this probability
/// and divided by 1 - probability otherwise. Srivastava, Hinton, Krizhevsky, Sutskever and
/// Salakhutdinov, "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15,
/// 2014, section 4; scaled in training as in section 10.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100}, ae::Dropout{.probability = 0.2});
/// ~~~
struct Dropout {
  double probability = 0.1;
  bool whole_batch = false;  ///< drop a unit for all samples of a batch together

  /// Throws OptionError for a probability outside [0, 1).
  void require_valid() const {
    detail::require<OptionError>(probability >= 0 && probability < 1,
                                 "dropout: expected a probability from 0 to below 1, found ",
                                 probability);
  }

  /// What a layer's outputs (units x batch) are multiplied by.
  template <class Mask>
  void draw(Mask& mask, const Random& random) const {
    using Scalar = typename Mask::Scalar;
    const auto kept = static_cast<Scalar>(1 / (1 - probability));
    for (Index col = 0; col < mask.cols(); ++col) {
      std::uint64_t index = whole_batch ? 0 : static_cast<std::uint64_t>(col * mask.rows());
      for (Scalar& entry : mask.col(col)) {
        entry = random.uniform(index++) < probability ? Scalar{0} : kept;
      }
    }
  }
};

}  // namespace ae::inline AE_ABI

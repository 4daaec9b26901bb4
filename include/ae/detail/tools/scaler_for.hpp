#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/data/scaler.hpp"
#include "ae/models/pca.hpp"

namespace ae::inline AE_ABI::detail {

/// A model's scaler, whose features must share a divisor, or for a model without one that of the
/// data whose components these are: their mean, and the root of the mean variance of their features
/// (1 if they are constant up to rounding). Throws OptionError.
template <class Model, class Scalar>
auto scaler_for(const Model& model, const Pca<Scalar>& pca, const char* who) {
  using Found = Scaler<typename Model::Scalar>;
  require<OptionError>(!model.scaler().is_per_feature(), who,
                       ": expected a scaler whose features share a divisor (Scaling::common), or ",
                       "none, found one with a divisor for each");
  if (!model.scaler().is_identity()) return Found(model.scaler());
  const double scale = std::sqrt(pca.total_variance() / static_cast<double>(pca.features()));
  const bool constant = scale <= 1e-12 * static_cast<double>(pca.mean().cwiseAbs().maxCoeff());
  return Found(pca.mean().template cast<typename Model::Scalar>(),
               constant ? 1 : static_cast<typename Model::Scalar>(scale));
}

}  // namespace ae::inline AE_ABI::detail

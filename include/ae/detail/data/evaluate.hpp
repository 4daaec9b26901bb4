#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/data/source.hpp"
#include "ae/detail/parts/loss_sum.hpp"

namespace ae::inline AE_ABI::detail {

/// The mean loss between samples and what the model makes of them, over all elements, in the units
/// of the data. The model is anything with `features()` and `reconstruct(x)`. Throws ShapeError.
template <class Model, class Scalar, Loss<Scalar> L>
double evaluate(const Model& model, const SourceRef<Scalar>& source, const L& loss) {
  require_samples(source, model.features(), "evaluate");
  double sum = 0;
  for_each_chunk<Scalar>(source, [&](const MatrixRef<Scalar>& x, Index) {
    const auto& y = model.reconstruct(x);
    sum += loss_sum<Scalar>(loss, linalg::const_view(y), linalg::const_view(x));
  });
  return sum / static_cast<double>(source.samples()) / static_cast<double>(source.features());
}

}  // namespace ae::inline AE_ABI::detail

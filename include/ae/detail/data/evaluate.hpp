#pragma once

#include "ae/detail/data/source.hpp"
#include "ae/detail/parts/loss_sum.hpp"
#include "ae/parts/loss.hpp"

namespace ae::detail {

/// The mean loss between samples and what the model makes of them, over all elements, in the units
/// of the data. The model is anything with `features()` and `reconstruct(x)`. Throws ShapeError.
template <class Scalar, class Model, class Data, Loss<Scalar> L = Mse>
double evaluate(const Model& model, const Data& data, const L& loss = {}) {
  const auto& source = as_source(data);
  require_samples(source, model.features(), "evaluate");
  double sum = 0;
  for_each_chunk<Scalar>(source, [&](const auto& x, Index) {
    const auto& y = model.reconstruct(x);
    sum += loss_sum<Scalar>(loss, linalg::const_view(y), linalg::const_view(x));
  });
  return sum / static_cast<double>(source.samples()) / static_cast<double>(source.features());
}

}  // namespace ae::detail

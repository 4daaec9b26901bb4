#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/scaler.hpp"
#include "ae/detail/data/feature_statistics.hpp"
#include "ae/detail/parts/loss_domain.hpp"
#include "ae/detail/parts/loss_sum.hpp"

namespace ae::inline AE_ABI::detail {

/// Prepares samples and reconstructions (features x some) for a comparison in the units of losses;
/// what is missing is 0 in both. Returns how much is. Throws DataError for samples that are not
/// finite or empty.
template <class Scalar>
Index to_units_of_loss(const Scaler<Scalar>& scaler, MatrixRef<Scalar> x, MatrixRef<Scalar> y,
                       Index first, const char* who) {
  const bool may_miss = scaler.missing() == Missing::allowed;
  require_finite_chunk<Scalar>(x, first, may_miss, who);
  if (scaler.is_per_feature()) scaler.scale(y);
  Index missing = 0;
  for (Index j = 0; may_miss && j < x.cols(); ++j) {
    const Index before = missing;
    for (Index i = 0; i < x.rows(); ++i) {
      if (!std::isnan(x(i, j))) continue;
      y(i, j) = 0;
      ++missing;
    }
    require<DataError>(missing - before < x.rows(), who,
                       ": expected samples with at least one value, found none in sample ",
                       first + j);
  }
  if (scaler.is_per_feature()) {
    scaler.scale(x);
  } else if (may_miss) {
    x = x.array().isNaN().select(Scalar{0}, x);
  }
  return missing;
}

/// A model's, or one that changes nothing.
template <class Scalar, class Model>
const Scaler<Scalar>& scaler_of(const Model& model) {
  if constexpr (requires { model.scaler(); }) {
    return model.scaler();
  } else {
    static const Scaler<Scalar> none;
    return none;
  }
}

/// The same for a loss with a link, which takes the outputs of the last layer in the units of the
/// network. Throws OptionError for a model whose outputs are others, DataError for samples that the
/// loss does not take.
template <class Model, class Scalar, Loss<Scalar> L>
double evaluate_outputs(const Model& model, const SourceRef<Scalar>& source, const L& loss) {
  if constexpr (requires(Matrix<Scalar> x) { model.outputs(x), model.link(); }) {
    require<OptionError>(model.link() == link_of(loss),
                         "evaluate: expected a model that was fitted ",
                         "with this loss, found one whose outputs are no logits");
    const Scaler<Scalar>& scaler = model.scaler();
    double sum = 0, count = 0;
    for_each_chunk<Scalar>(source, [&](const MatrixRef<Scalar>& x, Index first) {
      require_finite_chunk<Scalar>(x, first, scaler.missing() == Missing::allowed, "evaluate");
      Matrix<Scalar> y = model.outputs(x), target = x;
      scaler.scale(target);
      const Matrix<Scalar> nothing = Matrix<Scalar>::Zero(1, 1);
      const auto missing = static_cast<double>(x.array().isNaN().count());
      y = x.array().isNaN().select(Scalar{0}, y);
      require_targets(x.array().isNaN().select(Scalar(NAN), target).eval(), targets_of(loss),
                      "evaluate", [&](Index j) { return first + j; });
      sum += loss_sum<Scalar>(loss, linalg::const_view(y), linalg::const_view(target)) -
             missing *
                 loss_sum<Scalar>(loss, linalg::const_view(nothing), linalg::const_view(nothing));
      count += static_cast<double>(x.size()) - missing;
    });
    return sum / count;
  }
  throw OptionError(
      "evaluate: expected a model whose outputs this loss takes, found one that tells none");
}

/// The mean loss between samples and what the model makes of them, over all elements that are not
/// missing, in the units of the data, or scaled ones where the model has a divisor for each
/// feature. The model is anything with `features()` and `reconstruct(x)`. Throws ShapeError, and
/// DataError for samples that are not finite.
template <class Model, class Scalar, Loss<Scalar> L>
double evaluate(const Model& model, const SourceRef<Scalar>& source, const L& loss) {
  require_samples(source, model.features(), "evaluate");
  if (link_of(loss) != Link::identity) return evaluate_outputs(model, source, loss);
  double sum = 0;
  Index missing = 0;
  for_each_chunk<Scalar>(source, [&](const MatrixRef<Scalar>& x, Index first) {
    Matrix<Scalar> y = model.reconstruct(x);
    missing += to_units_of_loss<Scalar>(scaler_of<Scalar>(model), x, y, first, "evaluate");
    sum += loss_sum<Scalar>(loss, linalg::const_view(y), linalg::const_view(x));
  });
  if (missing > 0) {
    const Matrix<Scalar> nothing = Matrix<Scalar>::Zero(1, 1);
    sum -= static_cast<double>(missing) *
           loss_sum<Scalar>(loss, linalg::const_view(nothing), linalg::const_view(nothing));
  }
  const double all = static_cast<double>(source.samples()) * static_cast<double>(source.features());
  return sum / (all - static_cast<double>(missing));
}

}  // namespace ae::inline AE_ABI::detail

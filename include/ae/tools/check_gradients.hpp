#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/data/scaler.hpp"
#include "ae/detail/training/objective.hpp"

namespace ae::inline AE_ABI {

/// The parameter's entry whose gradient is furthest from central differences.
struct GradientCheck {
  double error = 0;  ///< relative to the largest entry of the parameter's gradient
  Index layer = 0, parameter = 0, row = 0, col = 0;
};

/// Compares the gradients that backprop finds of all that training minimises with central
/// differences: for a model and parts as `fit` takes them, on x (features x batch), with random
/// numbers as in a fit's first step. Meant for models of `double`; 1e-6 is a good
/// bound for them, away from kinks such as ReLU's. A gradient that is never computed counts as NaN,
/// and so does the error. Throws as `fit` does.
/// ~~~{.cpp}
/// const ae::StackedAutoencoder<double> model({20, 12, 3});
/// const auto worst = ae::check_gradients(model, rows.leftCols(8), ae::Huber{}, ae::L2{1e-3});
/// std::cout << worst.error << '\n';  // below 1e-6
/// ~~~
template <class Model, Part... Parts>
GradientCheck check_gradients(const Model& model, const Matrix<typename Model::Scalar>& x,
                              const Parts&... parts) {
  using Scalar = typename Model::Scalar;
  constexpr double step = 1e-5;
  auto network = model.network();
  const auto fit_parts = model.fit_parts(parts...);
  using FitParts = std::decay_t<decltype(fit_parts)>;
  detail::require_rows(x, detail::input_size(network), "check_gradients");

  Matrix<Scalar> input = x, target = x;
  if constexpr (FitParts::template has<detail::kind::Corruption>) {
    fit_parts.template get<detail::kind::Corruption>().corrupt(input, Random(0, Purpose::corrupt),
                                                               0);
  }
  model.scaler().scale(input);
  model.scaler().scale(target);
  const detail::Batch<Scalar> batch{linalg::const_view(input), linalg::const_view(target)};

  const double units = fit_parts.loss().units(static_cast<double>(model.scaler().unit()));
  detail::Objective objective(network, fit_parts, model.code_layer(), 0, units);
  const auto minimised = [&] {
    const double loss = objective.forward(batch, 0);
    const double all = loss + (objective.batch_penalty() + objective.weight_penalty()) / units;
    return objective.gradient_scale() * all;
  };
  minimised();
  detail::PerParameter<Scalar> gradients;
  gradients.prepare(network);
  gradients.for_each([](auto matrix) { matrix.setConstant(std::nan("")); });
  objective.backward(batch, gradients);

  GradientCheck worst;
  detail::for_each_parameter(objective.network(), [&](Index i, Index p, auto& parameter) {
    if (!parameter.trained || objective.is_copy(i, p)) return;
    Matrix<Scalar> gradient = gradients(i, p);
    if (parameter.regularized) {
      gradient += static_cast<Scalar>(objective.gradient_scale() / units) *
                  fit_parts.regularizer().gradient(parameter.value);
    }
    const double largest = gradient.cwiseAbs().maxCoeff();
    for (Index col = 0; col < gradient.cols(); ++col) {
      for (Index row = 0; row < gradient.rows(); ++row) {
        const Scalar kept = parameter.value(row, col);
        const auto at = [&](Scalar value) {
          parameter.value(row, col) = value;
          if (objective.tied() && p == 0) detail::tie(objective.network(), i);
          return minimised();
        };
        const double above = at(kept + step), below = at(kept - step);
        at(kept);
        const double error = std::abs((above - below) / (2 * step) - gradient(row, col)) / largest;
        if (!(error <= worst.error)) worst = {error, i, p, row, col};
        if (std::isnan(error)) return;
      }
    }
  });
  return worst;
}

}  // namespace ae::inline AE_ABI

#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "ae/detail/training/objective.hpp"
#include "ae/parts/loss.hpp"

/// All gradients of a stack of layers by backprop, filled with NaN beforehand, so that an entry
/// that nobody writes shows; and the gradient by the input.
struct AllGradients {
  ae::detail::PerParameter<double> parameters;
  ae::Matrix<double> input;
};

template <class Layers>
double mean_squared_error(const Layers& layers, const ae::Matrix<double>& x,
                          const ae::Matrix<double>& target) {
  ae::Workspace<double> workspace;
  ae::detail::forward(layers, x, workspace);
  return (workspace.output(layers.size() - 1) - target).squaredNorm() /
         static_cast<double>(target.size());
}

template <class Layers>
AllGradients backprop(Layers layers, const ae::Matrix<double>& x,
                      const ae::Matrix<double>& target) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  AllGradients gradients;
  gradients.parameters.prepare(layers);
  gradients.parameters.for_each([&](auto gradient) { gradient.setConstant(nan); });
  ae::Workspace<double> workspace;
  ae::detail::forward(layers, x, workspace);
  const ae::Index last = layers.size() - 1;
  workspace.delta(last) =
      2.0 / static_cast<double>(target.size()) * (workspace.output(last) - target);
  const auto network = ae::detail::trainable(layers);
  std::vector<ae::detail::StoreTile<double>> stores(ae::detail::most_parameters(network));
  const auto epilogues = [&](ae::Index layer, ae::Index p) -> ae::linalg::EpilogueRef<double> {
    return stores[static_cast<std::size_t>(p)] =
               ae::detail::StoreTile<double>(gradients.parameters(layer, p));
  };
  ae::detail::backward<double>(network, ae::linalg::const_view(x), workspace, epilogues);
  gradients.input.setConstant(x.rows(), x.cols(), nan);
  ae::detail::backward_input(network, workspace, ae::linalg::view(gradients.input));
  return gradients;
}

/// The largest difference between a gradient and central differences of `loss` by the entries of
/// `value`, relative to the gradient's largest entry.
inline double gradient_error(Eigen::Ref<ae::Matrix<double>> value,
                             const ae::Matrix<double>& gradient,
                             const std::function<double()>& loss) {
  constexpr double step = 1e-5;
  double worst = 0;
  for (ae::Index col = 0; col < value.cols(); ++col) {
    for (ae::Index row = 0; row < value.rows(); ++row) {
      const double kept = value(row, col);
      value(row, col) = kept + step;
      const double above = loss();
      value(row, col) = kept - step;
      const double below = loss();
      value(row, col) = kept;
      const double difference = std::abs((above - below) / (2 * step) - gradient(row, col));
      worst = std::isnan(difference) ? difference : std::max(worst, difference);
      if (std::isnan(worst)) return worst;
    }
  }
  return worst / gradient.cwiseAbs().maxCoeff();
}

/// The same over every parameter of the layers and over the input.
template <class Layers>
double worst_gradient_error(Layers layers, ae::Matrix<double> x, const ae::Matrix<double>& target) {
  const AllGradients gradients = backprop(layers, x, target);
  const auto loss = [&] { return mean_squared_error(layers, x, target); };
  double worst = gradient_error(x, gradients.input, loss);
  for (ae::Index i = 0; i < layers.size(); ++i) {
    layers.visit(i, [&](auto& layer) {
      for (ae::Index p = 0; p < layer.parameters; ++p) {
        const double error =
            gradient_error(layer.parameter(p).value, gradients.parameters(i, p), loss);
        worst = std::isnan(error) ? error : std::max(worst, error);
      }
    });
  }
  return worst;
}

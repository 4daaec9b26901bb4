#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/training/fit.hpp"

namespace ae::inline AE_ABI::detail {

/// One step on samples of a stream (features x batch), augmented and corrupted as the parts say.
/// Returns their mean loss before it, in the units of the data. Throws as `fit` does.
template <class Network, class... Parts, class Scalar = typename Network::Scalar>
double partial_fit(Network& network, TrainingState<Scalar>& state, Scaler<Scalar>& scaler,
                   const ConstMatrixRef<typename Network::Scalar>& x, double rate,
                   const FitParts<Parts...>& parts, Index code) {
  const FitOptions options{.epochs = 1,
                           .batch_size = std::max<Index>(1, x.cols()),
                           .learning_rate = rate,
                           .order = Order::sequential,
                           .warn = nullptr};
  const auto unmeasured = [](const SourceRef<Scalar>&) { return 0.0; };
  return fit(network, state, scaler, MatrixSource<Scalar>(x), options, parts, code, unmeasured)
      .front()
      .data_loss;
}

}  // namespace ae::inline AE_ABI::detail

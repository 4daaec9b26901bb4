#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/layers/workspace.hpp"

namespace ae::inline AE_ABI::detail {

/// What may be done between layer i and layer i + 1 of a pass: a hook gives the next layer
/// something else than the output y of layer i, and brings the derivatives back.
template <class Scalar>
class LayerHooks {
 public:
  virtual ~LayerHooks() = default;

  /// What layer i + 1 takes, on the way forward, and again on the way back.
  virtual linalg::ConstView<Scalar> on_forward(Index i, linalg::ConstView<Scalar> y) = 0;
  virtual linalg::ConstView<Scalar> input_of_next(Index i, linalg::ConstView<Scalar> y) = 0;

  /// Where the derivatives by that go, and how they become dL/dz of layer i, in
  /// `workspace.delta(i)`.
  virtual linalg::View<Scalar> delta_destination(Index i, Workspace<Scalar>& workspace) = 0;
  virtual void on_backward(Index i, const BackwardRef<Scalar>& layer,
                           Workspace<Scalar>& workspace) = 0;
};

}  // namespace ae::inline AE_ABI::detail

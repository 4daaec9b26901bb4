#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI::detail {

/// Batch normalisation with statistics that no longer change, as it is done to every feature:
/// scale * u + shift. Ioffe and Szegedy, "Batch normalization", ICML 2015, algorithm 2, line 11.
template <class Scalar>
struct Normalization {
  Vector<Scalar> scale, shift;

  Normalization(const Vector<Scalar>& gamma, const Vector<Scalar>& beta, const Vector<Scalar>& mean,
                const Vector<Scalar>& variance, double epsilon)
      : scale(gamma.array() / (variance.array() + static_cast<Scalar>(epsilon)).sqrt()),
        shift(beta - scale.cwiseProduct(mean)) {}

  /// Of what a dense layer of this weight (outputs x inputs) and bias gives before its activation.
  void fold_behind(Matrix<Scalar>& weight, Vector<Scalar>& bias) const {
    weight = (scale.asDiagonal() * weight).eval();
    bias = scale.cwiseProduct(bias) + shift;
  }

  /// Of what a dense layer takes.
  void fold_in_front(Matrix<Scalar>& weight, Vector<Scalar>& bias) const {
    bias += weight * shift;
    weight = (weight * scale.asDiagonal()).eval();
  }
};

}  // namespace ae::inline AE_ABI::detail

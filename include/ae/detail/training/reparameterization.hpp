#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/random.hpp"
#include "ae/core/types.hpp"
#include "ae/detail/parts/log_variance.hpp"

namespace ae::inline AE_ABI::detail {

/// In training the decoder gets a sample of the distribution: mean + deviation * noise, with
/// normal noise. Kingma and Welling, "Auto-encoding variational Bayes", ICLR 2014, section 2.4.
struct Reparameterization {
  bool noise = true;

  /// Draws z (latent x batch) from codes (2 latent x batch); `scaled_noise` keeps deviation *
  /// noise.
  template <class Scalar>
  void draw(const auto& codes, const Random& random, Matrix<Scalar>& z,
            Matrix<Scalar>& scaled_noise) const {
    const Index latent = codes.rows() / 2;
    scaled_noise.setZero(latent, codes.cols());
    std::uint64_t index = 0;
    if (noise) {
      for (Scalar& entry : scaled_noise.reshaped())
        entry = static_cast<Scalar>(random.normal(index++));
      scaled_noise.array() *= (bounded_log_variance(codes.bottomRows(latent)).array() / 2).exp();
    }
    z = codes.topRows(latent) + scaled_noise;
  }

  /// From dL/dz to dL/d(codes).
  template <class Scalar>
  void backward(const auto& codes, const Matrix<Scalar>& dz, const Matrix<Scalar>& scaled_noise,
                auto&& dcodes) const {
    dcodes.topRows(dz.rows()) = dz;
    dcodes.bottomRows(dz.rows()) = dz.array() * scaled_noise.array() / 2 *
                                   log_variance_slope(codes.bottomRows(dz.rows())).array();
  }
};

}  // namespace ae::inline AE_ABI::detail

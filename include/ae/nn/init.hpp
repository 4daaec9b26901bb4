#pragma once

#include <cmath>
#include <cstdint>

#include "ae/core/concepts.hpp"

/// First values of weights. Every entry is drawn by its own index, column by column.
namespace ae {

/// Uniform on [-a, a], a = sqrt(6 / (inputs + outputs)). Glorot and Bengio, "Understanding the
/// difficulty of training deep feedforward neural networks", AISTATS 2010, eq. 16.
struct XavierUniform {
  template <class Scalar>
  void operator()(Matrix<Scalar>& weight, const Random& random) const {
    const double limit = std::sqrt(6.0 / static_cast<double>(weight.rows() + weight.cols()));
    std::uint64_t index = 0;
    for (Scalar& entry : weight.reshaped()) {
      entry = static_cast<Scalar>(random.uniform(index++, -limit, limit));
    }
  }
};

/// Normal with mean 0 and variance 2 / (inputs + outputs), eq. 12 of the same paper.
struct XavierNormal {
  template <class Scalar>
  void operator()(Matrix<Scalar>& weight, const Random& random) const {
    const double deviation = std::sqrt(2.0 / static_cast<double>(weight.rows() + weight.cols()));
    std::uint64_t index = 0;
    for (Scalar& entry : weight.reshaped()) {
      entry = static_cast<Scalar>(deviation * random.normal(index++));
    }
  }
};

}  // namespace ae

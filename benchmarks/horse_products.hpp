#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ae/core/types.hpp"

/// The products in a training step of 1024-300-150-300-1024 with 150 pictures at a time.
namespace bench {

using ae::Index;
using Matrix = ae::Matrix<float>;

/// (m x n) = (m x k) * (k x n), either operand as the transpose of what is stored.
struct Product {
  std::string name;
  Index m, n, k;
  bool lhs_transposed = false, rhs_transposed = false;

  double flops() const {
    return 2 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  }
};

/// In the order of the step: forward, then from the last layer to the first dL/dy and dL/dW.
inline std::vector<Product> horse_products() {
  return {{"W1 x", 300, 150, 1024},
          {"W2 y1", 150, 150, 300},
          {"W3 y2", 300, 150, 150},
          {"W4 y3", 1024, 150, 300},
          {"W4' dz4", 300, 150, 1024, true},
          {"dz4 y3'", 1024, 300, 150, false, true},
          {"W3' dz3", 150, 150, 300, true},
          {"dz3 y2'", 300, 150, 150, false, true},
          {"W2' dz2", 300, 150, 150, true},
          {"dz2 y1'", 150, 300, 150, false, true},
          {"dz1 x'", 300, 1024, 150, false, true}};
}

/// Room for one product, the operands random.
struct Operands {
  explicit Operands(const Product& p)
      : lhs(Matrix::Random(p.lhs_transposed ? p.k : p.m, p.lhs_transposed ? p.m : p.k)),
        rhs(Matrix::Random(p.rhs_transposed ? p.n : p.k, p.rhs_transposed ? p.k : p.n)),
        dst(p.m, p.n) {}

  /// The operands to the nearest bfloat16.
  void round() {
    for (Matrix* operand : {&lhs, &rhs}) {
      *operand = operand->cast<Eigen::bfloat16>().cast<float>();
    }
  }

  Matrix lhs, rhs, dst;
};

/// f(lhs, rhs) with the transposes as Eigen expressions.
template <class F>
void with_operands(const Product& product, const Operands& at, F&& f) {
  if (product.lhs_transposed) {
    f(at.lhs.transpose(), at.rhs);
  } else if (product.rhs_transposed) {
    f(at.lhs, at.rhs.transpose());
  } else {
    f(at.lhs, at.rhs);
  }
}

}  // namespace bench

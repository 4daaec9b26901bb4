#pragma once

#include <vector>

#include "ae/autoencoder.hpp"
#include "horse_products.hpp"

/// 1024-300-150-300-1024, ELU, the output linear; the same weights and pictures for everybody.
namespace bench {

using Vector = ae::Vector<float>;
using Network = ae::Chain<ae::Stack<float>, ae::Stack<float>::Mirror>;

inline constexpr double rate = 1e-3, l2 = 1e-4;

/// A network's numbers, layer by layer: weights (outputs x inputs) and biases.
struct Parameters {
  std::vector<Matrix> weights;
  std::vector<Vector> biases;
};

inline Network horse_network() {
  Network network{ae::Stack<float>({1024, 300, 150}), ae::Stack<float>::Mirror({150, 300, 1024})};
  ae::detail::initialize(network, ae::XavierUniform{}, 0);
  return network;
}

inline Parameters parameters(const Network& network) {
  Parameters all;
  for (Index i = 0; i < network.size(); ++i) {
    network.visit(i, [&](const auto& layer) {
      all.weights.push_back(layer.weight());
      all.biases.push_back(layer.bias());
    });
  }
  return all;
}

/// Samples (features x count) of unit variance that hang together through a few hidden numbers.
inline Matrix samples(Index features, Index count) {
  const Matrix x = Matrix::Random(features, 32) * Matrix::Random(32, count);
  return x / std::sqrt(x.squaredNorm() / static_cast<float>(x.size()));
}

inline Matrix pictures(Index count) {
  return samples(1024, count);
}

/// Of all products in a training step; forward only without the other two thirds.
inline double horse_flops(Index batch, bool training) {
  double flops = 0;
  for (const Product& p : horse_products()) {
    const bool forward = !p.lhs_transposed && !p.rhs_transposed;
    if (training || forward) flops += p.flops();
  }
  return flops / 150 * static_cast<double>(batch);
}

}  // namespace bench

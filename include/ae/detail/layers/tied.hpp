#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/layers/network.hpp"

/// Tied weights: those of the decoder are the encoder's, transposed.
namespace ae::inline AE_ABI::detail {

/// The layer of the decoder that undoes layer i of the encoder.
Index mirror(const auto& network, Index i) {
  return network.size() - 1 - i;
}

/// Throws ShapeError unless every layer of the encoder has its mirror image in the decoder.
template <class Scalar>
void require_mirrored(const TrainableNetwork<Scalar>& network) {
  require<ShapeError>(network.size() % 2 == 0,
                      "tied weights: expected as many layers in the decoder as in the encoder, "
                      "found ",
                      network.size(), " layers in all");
  for (Index i = 0; i < network.size() / 2; ++i) {
    const auto& one = network.parameter(i, 0).value;
    const auto& other = network.parameter(mirror(network, i), 0).value;
    require<ShapeError>(one.rows() == other.cols() && one.cols() == other.rows(),
                        "tied weights: expected a weight of ", shape(one.cols(), one.rows()),
                        " in layer ", mirror(network, i), ", to undo layer ", i, ", found ",
                        shape(other.rows(), other.cols()));
  }
}

/// Copies the weight of layer i of the encoder, transposed, to the layer of the decoder that undoes
/// it.
template <class Scalar>
void tie(TrainableNetwork<Scalar>& network, Index i) {
  const auto& from = network.parameter(i, 0).value;
  auto& to = network.parameter(mirror(network, i), 0).value;
  for (Index j = 0; j < to.cols(); ++j) {
    for (Index k = 0; k < to.rows(); ++k) to(k, j) = from(j, k);
  }
}

}  // namespace ae::inline AE_ABI::detail

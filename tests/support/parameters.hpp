#pragma once

#include "ae/detail/layers/layer_ref.hpp"

/// A parameter of layer i of a network.
template <class Network>
ae::Parameter<typename Network::Scalar> parameter_of(Network& network, ae::Index i, ae::Index p) {
  return ae::detail::trainable(network).parameter(i, p);
}

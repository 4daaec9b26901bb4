#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <optional>

#include "ae/data/scaler.hpp"
#include "ae/detail/layers/network.hpp"
#include "ae/detail/training/state.hpp"

namespace ae::inline AE_ABI::detail {

/// The base of all autoencoders: the network of layers, the scaler, the state of training, and the
/// score above which a sample is an anomaly.
template <class Network_>
class Model {
 public:
  using Network = Network_;
  using Scalar = typename Network::Scalar;

  explicit Model(Network network) : network_(std::move(network)) {}

  Index features() const { return input_size(network_); }

  /// All layers, from input to output.
  const Network& network() const { return network_; }
  Index layers() const { return network_.size(); }

  /// Replaces the network, as by one that was trained elsewhere, and resets the state of training.
  /// Throws ShapeError unless its layers have the sizes of the model's.
  void set_network(Network network) {
    require_same_sizes(network_, network);
    network_ = std::move(network);
    state_ = {};
  }

  /// Calls f with a layer, in the layer's own type. Throws ShapeError where there is none.
  void visit(Index layer, auto&& f) { network_.visit(checked(layer), f); }
  void visit(Index layer, auto&& f) const { network_.visit(checked(layer), f); }

  /// A layer's weight (outputs x inputs) and bias (outputs). Throws ShapeError for a layer that is
  /// not there or a matrix of another shape.
  Matrix<Scalar> weight(Index layer) const {
    return get(layer, [](const auto& found) -> Matrix<Scalar> { return found.weight(); });
  }
  Vector<Scalar> bias(Index layer) const {
    return get(layer, [](const auto& found) -> Vector<Scalar> { return found.bias(); });
  }
  void set_weight(Index layer, const ConstMatrixRef<Scalar>& weight) {
    visit(layer, [&](auto& found) { found.set_weight(weight); });
  }
  void set_bias(Index layer, const ConstMatrixRef<Scalar>& bias) {
    visit(layer, [&](auto& found) { found.set_bias(bias); });
  }

  const Scaler<Scalar>& scaler() const { return scaler_; }

  /// Throws ShapeError unless the scaler is for as many features as the model.
  void set_scaler(Scaler<Scalar> scaler) {
    require<ShapeError>(scaler.is_identity() || scaler.center().size() == features(),
                        "autoencoder: expected a scaler for ", features(),
                        " features, found one for ", scaler.center().size());
    scaler_ = std::move(scaler);
  }

  /// The score above which a sample is an anomaly, if one was set. It is saved in the model's file.
  std::optional<double> threshold() const { return threshold_; }

  /// Throws OptionError for a threshold that is not finite.
  void set_threshold(std::optional<double> threshold) {
    require<OptionError>(!threshold || std::isfinite(*threshold),
                         "autoencoder: expected a finite threshold, found ", threshold.value_or(0));
    threshold_ = threshold;
  }

  /// What training keeps beside the weights; and all of it put back, as a checkpoint does.
  const TrainingState<Scalar>& training() const { return state_; }
  void restore(Network network, Scaler<Scalar> scaler, std::optional<double> threshold,
               TrainingState<Scalar> state = {}) {
    network_ = std::move(network);
    scaler_ = std::move(scaler);
    threshold_ = threshold;
    state_ = std::move(state);
  }

 protected:
  Network network_;
  Scaler<Scalar> scaler_;
  TrainingState<Scalar> state_;
  std::optional<double> threshold_;

 private:
  Index checked(Index layer) const {
    require<ShapeError>(layer >= 0 && layer < layers(), "autoencoder: expected a layer from 0 to ",
                        layers() - 1, ", found ", layer);
    return layer;
  }

  template <class Get>
  auto get(Index layer, Get read) const {
    std::invoke_result_t<Get, const Dense<Scalar>&> result;
    visit(layer, [&](const auto& found) { result = read(found); });
    return result;
  }
};

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/layers/tied.hpp"
#include "ae/detail/training/hidden.hpp"

namespace ae::detail {

/// What a step learns from, in the units of the network.
template <class Scalar>
struct Batch {
  ConstMatrixRef<Scalar> x;                 ///< what goes in (features x batch)
  ConstMatrixRef<Scalar> target;            ///< what should come out
  const Vector<Scalar>* weights = nullptr;  ///< of the samples' losses; none: 1
  double done = 1;                          ///< how much of the fit is, from 0 to 1
  std::span<const Index> samples = {};      ///< their numbers in the data, for messages
};

/// What training minimises: the data loss and the penalties that depend on the batch, with their
/// gradients, and the regularizer's penalty, whose gradient is the optimizer step's.
template <class Network, class Parts>
class Objective {
 public:
  using Scalar = typename Network::Scalar;

  /// `code` is the layer of the network whose output is the code. Gradients are those of the sum
  /// units * loss + penalties, divided by `units`. Throws ShapeError for tied weights in a network
  /// whose decoder does not mirror the encoder.
  Objective(Network& network, const Parts& parts, Index code, std::uint64_t seed, double units)
      : network_(network),
        loss_(parts.loss()),
        regularizer_(parts.regularizer()),
        hidden_(parts, code, seed, static_cast<Scalar>(1 / units)) {
    if constexpr (tied) {
      require_mirrored(network);
      for (Index i = 0; i < network.size() / 2; ++i) tie(network, i);
    }
  }

  static constexpr bool tied = Parts::template has<kind::TiedWeights>;

  /// Gradients that come from elsewhere than one product, or are looked at together: those must be
  /// stored.
  static constexpr bool must_store =
      tied || Parts::template has<kind::Contractive> || Parts::template has<kind::ClipGradients>;

  /// True for a parameter that is a copy of another.
  bool is_copy(Index layer, Index parameter) const {
    return tied && parameter == 0 && layer >= network_.size() / 2;
  }

  /// Through the network; with each tile of the output its loss is summed, column by column, and
  /// the loss's derivative goes to the last layer's delta. Returns the mean loss over all elements.
  double forward(const Batch<Scalar>& batch, Index step) {
    constexpr Index height = Product<Scalar>::tile_rows;
    workspace_.prepare(network_, batch.x.cols());
    auto delta = workspace_.delta(network_.size() - 1);
    const auto elements = static_cast<double>(batch.target.size());
    weigh(batch, elements);
    const Index tiles = (batch.target.rows() + height - 1) / height;
    if (sums_.cols() < batch.x.cols()) sums_.resize(tiles, batch.x.cols());
    sums_.setZero();
    const auto finish = [&](Index row, Index col, const auto& y, const auto& t, auto dy) {
      sums_(row / height, col) += loss_.value(y.array(), t.array()).sum();
      dy.array() = weights_[col] * loss_.derivative(y.array(), t.array());
    };
    hidden_.start(step, batch.done);
    detail::forward(network_, batch.x, workspace_,
                    linalg::on_columns(finish, batch.target, linalg::shared(delta)), between());
    if constexpr (Parts::template has<kind::Contractive>) {
      hidden_.compute_jacobian(network_, workspace_);
    }
    const auto sums = sums_.leftCols(batch.x.cols()).template cast<double>().colwise().sum();
    return batch.weights ? sums.dot(batch.weights->transpose().template cast<double>()) / elements
                         : sums.sum() / elements;
  }

  /// The penalties of the batch whose forward pass is over, in the units of the loss of the
  /// caller's data.
  double batch_penalty() const { return hidden_.penalty(); }

  /// Of all the regularized parameters.
  double weight_penalty() const {
    double sum = 0;
    for_each_parameter(network_, [&](Index layer, Index p, auto parameter) {
      if (parameter.regularized && !is_copy(layer, p)) sum += regularizer_.penalty(parameter.value);
    });
    return sum;
  }

  /// After `forward`: gradients to the epilogues `take(layer, parameter)`, as in backprop.
  void backward(const Batch<Scalar>& batch, const auto& take) {
    static_assert(!must_store);
    detail::backward(network_, batch.x, workspace_, take, between());
  }

  /// The same to where they are kept.
  void backward(const Batch<Scalar>& batch, PerParameter<Scalar>& gradients) {
    detail::backward(network_, batch.x, workspace_, gradients.storing(), between());
    if constexpr (Parts::template has<kind::Contractive>) hidden_.add_to(gradients);
    if constexpr (tied) {
      for (Index i = 0; i < network_.size() / 2; ++i) {
        gradients(i, 0) += gradients(mirror(network_, i), 0).transpose();
      }
    }
  }

  Workspace<Scalar>& workspace() { return workspace_; }

 private:
  using Between = std::conditional_t<
      Parts::template has<kind::Dropout> || Parts::template has<kind::ActivityPenalty> ||
          Parts::template has<kind::Contractive> || Parts::template has<kind::Reparameterization>,
      Hidden<Scalar, Parts>&, Direct<Scalar>>;

  Between between() {
    if constexpr (std::is_reference_v<Between>) {
      return hidden_;
    } else {
      return {};
    }
  }

  /// A sample's share in the mean.
  void weigh(const Batch<Scalar>& batch, double elements) {
    const auto each = static_cast<Scalar>(1 / elements);
    if (weights_.size() < batch.x.cols()) weights_.resize(batch.x.cols());
    auto weights = weights_.head(batch.x.cols());
    weights.setConstant(each);
    if (batch.weights) weights = each * *batch.weights;
  }

  Network& network_;
  decltype(std::declval<Parts>().loss()) loss_;
  decltype(std::declval<Parts>().regularizer()) regularizer_;
  Hidden<Scalar, Parts> hidden_;
  Workspace<Scalar> workspace_;
  Matrix<Scalar> sums_;     // of the loss: a row for each row of tiles, a column for each sample
  Vector<Scalar> weights_;  // of the samples; as long as the largest batch
};

}  // namespace ae::detail

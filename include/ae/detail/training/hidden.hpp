#pragma once

#include <cmath>

#include "ae/detail/training/fit_parts.hpp"
#include "ae/detail/training/jacobian_penalty.hpp"

namespace ae::detail {

/// What training does between the layers of a network (the place of `Direct` in backprop): dropout,
/// penalties on the codes, and sampling them. What is drawn depends on the seed and the step only.
template <class Scalar, class Parts>
class Hidden {
 public:
  /// `code` is the layer whose output is the code; `per_unit` turns penalties, which are in the
  /// units of the loss of the caller's data, to those of the network.
  Hidden(const Parts& parts, Index code, std::uint64_t seed, Scalar per_unit)
      : parts_(parts), code_(code), seed_(seed), per_unit_(per_unit) {}

  /// Before the forward pass of a step; `done` is how much of the fit is, from 0 to 1.
  void start(Index step, double done) {
    step_ = static_cast<std::uint32_t>(step);
    done_ = done;
    penalty_ = 0;
  }

  /// Of the batch whose forward pass is over, in the units of the loss of the caller's data.
  double penalty() const { return penalty_; }

  ConstMatrixRef<Scalar> pass(Index i, const ConstMatrixRef<Scalar>& y) {
    if (i == code_) return pass_code(y);
    if constexpr (Parts::template has<kind::Dropout>) return drop(i, y);
    return y;
  }

  ConstMatrixRef<Scalar> passed(Index i, const ConstMatrixRef<Scalar>& y) {
    if constexpr (Parts::template has<kind::Reparameterization>) {
      if (i == code_) return z_;
    }
    if constexpr (Parts::template has<kind::Dropout>) {
      if (i != code_) return dropped_[static_cast<std::size_t>(i)];
    }
    return y;
  }

  MatrixRef<Scalar> gradient(Index i, Workspace<Scalar>& workspace) {
    if constexpr (Parts::template has<kind::Reparameterization>) {
      if (i == code_) {
        dz_.resize(z_.rows(), z_.cols());
        return dz_;
      }
    }
    return workspace.delta(i);
  }

  void back(Index i, const auto& layer, Workspace<Scalar>& workspace) {
    auto delta = workspace.delta(i);
    if (i == code_) {
      back_code(workspace.output(i), delta);
    } else if constexpr (Parts::template has<kind::Dropout>) {
      delta.array() *= masks_[static_cast<std::size_t>(i)].array();
    }
    layer.differentiate(delta, workspace.kept(i));
    if constexpr (Parts::template has<kind::Contractive>) {
      if (i <= code_) jacobian_.add_to_delta(i, layer, workspace.kept(i), delta);
    }
  }

  /// After a forward pass.
  void compute_jacobian(const auto& network, Workspace<Scalar>& workspace) {
    Contractive part = parts_.template get<kind::Contractive>();
    penalty_ += jacobian_.compute(part, network, code_, workspace,
                                  Random(seed_, Purpose::direction, step_), per_unit_);
  }

  /// After a backward pass: the derivatives that it could not hand out.
  void add_to(PerParameter<Scalar>& gradients) const { jacobian_.add_to(gradients); }

 private:
  double activity_factor() const {
    const auto& part = parts_.template get<kind::ActivityPenalty>();
    if constexpr (requires { part.activity_factor(done_); }) return part.activity_factor(done_);
    return 1;
  }

  ConstMatrixRef<Scalar> pass_code(const ConstMatrixRef<Scalar>& y) {
    if constexpr (Parts::template has<kind::ActivityPenalty>) {
      penalty_ =
          activity_factor() * parts_.template get<kind::ActivityPenalty>().activity_penalty(y);
    }
    if constexpr (Parts::template has<kind::Reparameterization>) {
      parts_.template get<kind::Reparameterization>().draw(y, Random(seed_, Purpose::sample, step_),
                                                           z_, spread_);
      return z_;
    }
    return y;
  }

  void back_code(const auto& codes, auto&& delta) {
    if constexpr (Parts::template has<kind::Reparameterization>) {
      parts_.template get<kind::Reparameterization>().backward(dz_, spread_, delta);
    }
    if constexpr (Parts::template has<kind::ActivityPenalty>) {
      const auto& part = parts_.template get<kind::ActivityPenalty>();
      delta += per_unit_ * static_cast<Scalar>(activity_factor()) * part.activity_gradient(codes);
    }
  }

  ConstMatrixRef<Scalar> drop(Index i, const ConstMatrixRef<Scalar>& y) {
    const auto at = static_cast<std::size_t>(i);
    if (masks_.size() <= at) {
      masks_.resize(at + 1);
      dropped_.resize(at + 1);
    }
    masks_[at].resize(y.rows(), y.cols());
    const Random random(seed_ + at, Purpose::drop, step_);
    parts_.template get<kind::Dropout>().draw(masks_[at], random);
    dropped_[at] = y.cwiseProduct(masks_[at]);
    return dropped_[at];
  }

  const Parts& parts_;
  Index code_;
  std::uint64_t seed_;
  Scalar per_unit_;
  std::uint32_t step_ = 0;
  double done_ = 1;
  double penalty_ = 0;
  std::vector<Matrix<Scalar>> masks_, dropped_;  // of each hidden layer, outputs x batch
  Matrix<Scalar> z_, spread_, dz_;               // latent x batch
  JacobianPenalty<Scalar> jacobian_;
};

}  // namespace ae::detail

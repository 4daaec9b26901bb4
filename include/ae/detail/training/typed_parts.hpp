#pragma once

#include "ae/detail/core/abi.hpp"

#include <memory>

#include "ae/detail/parts/loss_domain.hpp"
#include "ae/detail/parts/loss_sum.hpp"
#include "ae/detail/training/fit_parts.hpp"
#include "ae/detail/training/jacobian_penalty.hpp"
#include "ae/detail/training/training_parts.hpp"

namespace ae::inline AE_ABI::detail {

/// The parts of a fit, of known types, behind what training asks of them.
template <class Scalar, class Parts>
class TypedParts final : public TrainingParts<Scalar> {
  using Base = TrainingParts<Scalar>;
  using typename Base::ConstView, typename Base::View;
  using Optimizer = decltype(std::declval<Parts>().optimizer());
  using Regularizer = decltype(std::declval<Parts>().regularizer());
  using Rule = decltype(std::declval<Optimizer>().template rule<Scalar>(0.0, Index{1}));

  using Loss = decltype(std::declval<Parts>().loss());

  static_assert(ae::Loss<Loss, Scalar> && ae::Optimizer<Optimizer, Scalar> &&
                    ae::Regularizer<Regularizer, Scalar>,
                "fit: expected parts that take the scalar of the model");

  template <template <class> class Kind>
  static constexpr bool has = Parts::template has<Kind>;

 public:
  explicit TypedParts(const Parts& parts)
      : parts_(parts),
        loss_(parts.loss()),
        optimizer_(parts.optimizer()),
        regularizer_(parts.regularizer()) {
    if constexpr (has<kind::Dropout>) this->present.dropout = get<kind::Dropout>();
    if constexpr (has<kind::ClipGradients>) this->present.clipping = get<kind::ClipGradients>();
    this->present.corruption = has<kind::Corruption>;
    this->present.tied_weights = has<kind::TiedWeights>;
    this->present.activity_penalty = has<kind::ActivityPenalty>;
    this->present.reparameterization = has<kind::Reparameterization>;
    this->present.contractive = has<kind::Contractive>;
  }

  double loss_units(double scale) const override { return loss_.units(scale); }

  double gradient_scale([[maybe_unused]] double units) const override {
    if constexpr (has<kind::ActivityPenalty>) {
      const auto& part = get<kind::ActivityPenalty>();
      if constexpr (requires { part.gradient_scale(units); }) return part.gradient_scale(units);
    }
    return 1;
  }

  Link link() const override { return link_of(loss_); }
  TargetRange targets() const override { return targets_of(loss_); }

  AE_FLATTENED void loss(ConstView y, ConstView target, const Scalar* weights, View dy,
                         Scalar* sums, Index stride) const override {
    for (Index j = 0; j < y.cols(); ++j) {
      const Scalar* const output = y.data() + j * y.outerStride();
      const Scalar* const wanted = target.data() + j * target.outerStride();
      sums[j * stride] = loss_sum(loss_, y.rows(), output, wanted);
      for_packets(
          y.rows(),
          [&](const auto& o, const auto& t, auto d)
              AE_INLINED { d.array() = weights[j] * loss_.derivative(o.array(), t.array()); },
          output, wanted, dy.data() + j * dy.outerStride());
    }
  }

  double weight_penalty(ConstView weight) const override { return regularizer_.penalty(weight); }

  Index moments() const override { return Optimizer::moments; }

  void begin_step(double rate, Index step, Scalar per_unit) override {
    rule_.emplace(optimizer_.template rule<Scalar>(rate, step));
    per_unit_ = per_unit;
  }

  AE_FLATTENED void update(bool regularized, const ParameterTile<Scalar>& tile) const override {
    // Copies, which no store can change.
    const Rule rule = regularized ? *rule_ : without_decay(*rule_);
    const Scalar strength = regularized ? per_unit_ : Scalar{0};
    const Regularizer regularizer = regularizer_;
    const auto change = [&](const auto& g, auto w, auto... moments) AE_INLINED {
      if constexpr (std::is_same_v<Regularizer, NoRegularizer>) {
        rule(w, g, moments...);
      } else {
        rule(w, g + strength * regularizer.gradient(w), moments...);
      }
    };
    for (Index j = 0; j < tile.cols; ++j) {
      if constexpr (Optimizer::moments == 0) {
        for_packets(tile.rows, change, tile.gradient[j], tile.parameter[j]);
      } else if constexpr (Optimizer::moments == 1) {
        for_packets(tile.rows, change, tile.gradient[j], tile.parameter[j], tile.moments[0][j]);
      } else {
        for_packets(tile.rows, change, tile.gradient[j], tile.parameter[j], tile.moments[0][j],
                    tile.moments[1][j]);
      }
    }
  }

  void augment([[maybe_unused]] MatrixRef<Scalar> x, [[maybe_unused]] const Random& random,
               [[maybe_unused]] std::uint64_t index) const override {
    if constexpr (has<kind::Augmentation>) get<kind::Augmentation>().augment(x, random, index);
  }

  void corrupt([[maybe_unused]] MatrixRef<Scalar> x, [[maybe_unused]] const Random& random,
               [[maybe_unused]] std::uint64_t index) const override {
    if constexpr (has<kind::Corruption>) get<kind::Corruption>().corrupt(x, random, index);
  }

  double activity_penalty([[maybe_unused]] ConstView codes,
                          [[maybe_unused]] double done) const override {
    if constexpr (has<kind::ActivityPenalty>) {
      const ConstMatrixRef<Scalar> matrix(codes);
      return activity_factor(done) * get<kind::ActivityPenalty>().activity_penalty(matrix);
    }
    return 0;
  }

  void add_activity_gradient([[maybe_unused]] ConstView codes, [[maybe_unused]] double done,
                             [[maybe_unused]] Scalar per_unit,
                             [[maybe_unused]] View delta) const override {
    if constexpr (has<kind::ActivityPenalty>) {
      const auto& part = get<kind::ActivityPenalty>();
      delta +=
          per_unit * static_cast<Scalar>(activity_factor(done)) * part.activity_gradient(codes);
    }
  }

  void draw_codes([[maybe_unused]] ConstView distributions, [[maybe_unused]] const Random& random,
                  [[maybe_unused]] Matrix<Scalar>& z,
                  [[maybe_unused]] Matrix<Scalar>& scaled_noise) const override {
    if constexpr (has<kind::Reparameterization>) {
      get<kind::Reparameterization>().draw(distributions, random, z, scaled_noise);
    }
  }

  void backward_codes([[maybe_unused]] ConstView distributions,
                      [[maybe_unused]] const Matrix<Scalar>& dz,
                      [[maybe_unused]] const Matrix<Scalar>& scaled_noise,
                      [[maybe_unused]] View delta) const override {
    if constexpr (has<kind::Reparameterization>) {
      get<kind::Reparameterization>().backward(distributions, dz, scaled_noise, delta);
    }
  }

  double contractive_penalty([[maybe_unused]] const TrainableNetwork<Scalar>& network,
                             [[maybe_unused]] Index code,
                             [[maybe_unused]] Workspace<Scalar>& workspace,
                             [[maybe_unused]] const Random& random,
                             [[maybe_unused]] Scalar per_unit) override {
    if constexpr (has<kind::Contractive>) {
      return jacobian_.compute(get<kind::Contractive>(), network, code, workspace, random,
                               per_unit);
    }
    return 0;
  }

  void add_contractive_delta([[maybe_unused]] Index layer,
                             [[maybe_unused]] const BackwardRef<Scalar>& ref,
                             [[maybe_unused]] ConstView kept,
                             [[maybe_unused]] View delta) const override {
    if constexpr (has<kind::Contractive>) jacobian_.add_to_delta(layer, ref, kept, delta);
  }

  void add_contractive_gradients([[maybe_unused]] PerParameter<Scalar>& gradients) const override {
    if constexpr (has<kind::Contractive>) jacobian_.add_to(gradients);
  }

 private:
  struct Nothing {};

  template <template <class> class Kind>
  const auto& get() const {
    return parts_.template get<Kind>();
  }

  static Rule without_decay(const Rule& rule) {
    if constexpr (requires { rule.without_decay(); }) {
      return rule.without_decay();
    } else {
      return rule;
    }
  }

  double activity_factor([[maybe_unused]] double done) const {
    if constexpr (has<kind::ActivityPenalty>) {
      const auto& part = get<kind::ActivityPenalty>();
      if constexpr (requires { part.activity_factor(done); }) return part.activity_factor(done);
    }
    return 1;
  }

  Parts parts_;
  Loss loss_;
  Optimizer optimizer_;
  Regularizer regularizer_;
  std::optional<Rule> rule_;
  Scalar per_unit_ = 1;
  std::conditional_t<has<kind::Contractive>, JacobianPenalty<Scalar>, Nothing> jacobian_;
};

template <class Scalar, class Parts>
std::shared_ptr<TrainingParts<Scalar>> typed_parts(const Parts& parts) {
  return std::make_shared<TypedParts<Scalar, Parts>>(parts);
}

/// A network for training with such parts.
template <class Parts, class Network>
decltype(auto) trainable_with(Network& network) {
  return trainable<Parts::template has<kind::Contractive>>(network);
}

}  // namespace ae::inline AE_ABI::detail

#ifdef AE_COMPILED
#define AE_INSTANCE extern template
#include "ae/detail/training/typed_parts-instances.inc"
#undef AE_INSTANCE
#endif

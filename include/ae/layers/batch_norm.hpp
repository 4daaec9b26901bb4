#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>

#include "ae/detail/layers/batch_norm_training.hpp"
#include "ae/detail/layers/normalization.hpp"
#include "ae/layers/stack.hpp"

/// Dense layers with batch normalisation in front of the activation. Ioffe and Szegedy, "Batch
/// normalization: accelerating deep network training by reducing internal covariate shift",
/// ICML 2015.
/// ~~~{.cpp}
/// using Layers = ae::BatchNormStack<float, ae::Relu, ae::Identity>;
/// ae::StackedAutoencoder<float, Layers> model({640, 128, 8});
/// model.fit(x, {.batch_size = 512});
/// const auto plain = ae::folded(model);  // of dense layers, for exports and Inference
/// ~~~
namespace ae::inline AE_ABI {

/// The numbers of batch normalisation, PyTorch's by default.
/// ~~~{.cpp}
/// const ae::BatchNorm keras{.epsilon = 1e-3, .momentum = 0.01};
/// ae::BatchNormDense<float, ae::Relu> layer(640, 128, {}, keras);
/// ~~~
struct BatchNorm {
  double epsilon = 1e-5;  ///< what is added to a variance
  double momentum = 0.1;  ///< how far each step moves the running statistics to the batch's
};

/// y = activation(gamma (u - mean) / sqrt(variance + epsilon) + beta) of u = W x: W (outputs x
/// inputs), gamma and beta (outputs), a sample a column. In training, mean and variance are those
/// of the batch; otherwise, running ones, so that what a sample gives depends on it alone. A bias
/// right in front of it, as that of linear codes, changes nothing, and so has a gradient of 0.
/// ~~~{.cpp}
/// ae::BatchNormDense<float, ae::Relu> layer(640, 128);
/// layer.initialize(ae::HeNormal{}, ae::Random(seed, ae::Purpose::initialise));
/// const ae::Dense<float, ae::Relu> plain = layer.folded();
/// ~~~
template <class Scalar_, Activation<Scalar_> Activation_ = Identity>
class BatchNormDense {
  using View = linalg::View<Scalar_>;
  using ConstView = linalg::ConstView<Scalar_>;
  using Epilogue = linalg::EpilogueRef<Scalar_>;

 public:
  using Scalar = Scalar_;
  using Activation = Activation_;
  static constexpr Index parameters = 5;
  static constexpr bool needs_pre_activation = Dense<Scalar, Activation>::needs_pre_activation;

  /// Weights and beta zero, gamma 1, running means 0 and variances 1. Throws ShapeError for a size
  /// below 1, OptionError for an epsilon that is not above 0, or a momentum outside (0, 1].
  BatchNormDense(Index inputs, Index outputs, Activation activation = {}, BatchNorm options = {});

  /// The weight drawn by the initializer, all else as at first.
  template <Initializer<Scalar> Init>
  void initialize(const Init& init, const Random& random) {
    dense_.initialize(init, random);
    reset();
  }

  Index inputs() const { return dense_.inputs(); }
  Index outputs() const { return dense_.outputs(); }
  std::string_view name() const { return dense_.name(); }

  const Matrix<Scalar>& weight() const { return dense_.weight(); }
  const Vector<Scalar>& beta() const { return dense_.bias(); }
  const Vector<Scalar>& gamma() const { return gamma_; }
  const Vector<Scalar>& running_mean() const { return mean_; }
  const Vector<Scalar>& running_variance() const { return variance_; }
  const Activation& activation() const { return dense_.activation(); }
  const BatchNorm& options() const { return options_; }

  /// Weight, beta, gamma, running mean, running variance.
  Parameter<Scalar> parameter(Index index) { return of(*this, index); }
  Parameter<const Scalar> parameter(Index index) const { return of(*this, index); }

  /// By the running statistics: x (inputs x batch) to y (outputs x batch); z takes what goes into
  /// the activation where it has rows, and `finish` sees every tile of y.
  void forward(Product<Scalar>& product, ConstView x, View y, View z = linalg::no_view<Scalar>(),
               const Epilogue& finish = {}) const;

  /// The layer of a fit, which normalises by the batch; this one must live as long.
  detail::BatchNormTraining<BatchNormDense> training() {
    return detail::BatchNormTraining<BatchNormDense>(*this);
  }

  /// dL/dy becomes dL/dz, as `Dense` does it.
  void differentiate(View delta, ConstView kept) const { dense_.differentiate(delta, kept); }

  /// The dense layer that gives the same as this one outside of training.
  Dense<Scalar, Activation> folded() const {
    Matrix<Scalar> weight = this->weight();
    Vector<Scalar> bias = Vector<Scalar>::Zero(outputs());
    detail::Normalization<Scalar>(gamma_, beta(), mean_, variance_, options_.epsilon)
        .fold_behind(weight, bias);
    Dense<Scalar, Activation> plain(inputs(), outputs(), activation());
    plain.set_weight(weight);
    plain.set_bias(bias);
    return plain;
  }

 private:
  void reset() {
    gamma_.setOnes(outputs());
    mean_.setZero(outputs());
    variance_.setOnes(outputs());
  }

  static auto of(auto& self, Index index) {
    using Result = decltype(self.dense_.parameter(0));
    const auto column = [&](const char* name, auto& values, bool trained) {
      return Result{name, {values.data(), values.size(), 1}, false, trained};
    };
    if (index == 0) return self.dense_.parameter(0);
    if (index == 2) return column("gamma", self.gamma_, true);
    if (index == 3) return column("running_mean", self.mean_, false);
    if (index == 4) return column("running_variance", self.variance_, false);
    Result beta = self.dense_.parameter(1);
    beta.name = "beta";
    return beta;
  }

  Dense<Scalar, Activation> dense_;  // whose bias is beta
  Vector<Scalar> gamma_, mean_, variance_;
  BatchNorm options_;
};

template <class Scalar, Activation<Scalar> A>
BatchNormDense<Scalar, A>::BatchNormDense(Index inputs, Index outputs, A activation,
                                          BatchNorm options)
    : dense_(inputs, outputs, activation), options_(options) {
  const auto [epsilon, momentum] = options;
  detail::require<OptionError>(static_cast<Scalar>(epsilon) > 0 && std::isfinite(epsilon),
                               "batch normalisation: expected a finite epsilon above 0, found ",
                               epsilon);
  detail::require<OptionError>(momentum > 0 && momentum <= 1,
                               "batch normalisation: expected a momentum above 0 and at most 1, ",
                               "found ", momentum);
  reset();
}

template <class Scalar, Activation<Scalar> A>
void BatchNormDense<Scalar, A>::forward(Product<Scalar>& product, ConstView x, View y, View z,
                                        const Epilogue& finish) const {
  const auto activate = [&](View tile, Range rows, Range cols) AE_FLATTENED {
    const auto part = [&](const Vector<Scalar>& of) { return of.data() + rows.first; };
    for (Index j = 0; j < cols.size; ++j) {
      Scalar* const column = tile.data() + j * tile.outerStride();
      detail::for_packets(
          rows.size,
          [&](auto u, const auto& gamma, const auto& beta, const auto& mean, const auto& variance)
              AE_INLINED {
                u.array() = (u - mean).array() * gamma.array() /
                                (variance.array() + static_cast<Scalar>(options_.epsilon)).sqrt() +
                            beta.array();
              },
          column, part(gamma_), part(beta()), part(mean_), part(variance_));
      if (z.rows() > 0) std::copy_n(column, rows.size, &z(rows.first, cols.first + j));
      detail::for_packets(
          rows.size, [&](auto v) AE_INLINED { v.array() = activation().value(v.array()); }, column);
    }
  };
  product(y, weight(), x, linalg::chain(activate, finish));
}

/// Dense layers as many as there are sizes, less one, as a `Stack` has them: with batch
/// normalisation and `Hidden` on all but the last, which is a plain one with `Last`.
/// ~~~{.cpp}
/// ae::StackedAutoencoder<float, ae::BatchNormStack<float, ae::Relu>> model({640, 128, 8});
/// model.fit(x, {.batch_size = 512});
/// ~~~
template <class Scalar_ = float, Activation<Scalar_> Hidden = Elu,
          Activation<Scalar_> Last = Hidden>
class BatchNormStack {
 public:
  using Scalar = Scalar_;
  /// The stack that decodes what this one encodes.
  using Mirror = BatchNormStack<Scalar, Hidden, Identity>;

  /// Throws ShapeError as `Stack` does, OptionError as `BatchNormDense` does.
  explicit BatchNormStack(const std::vector<Index>& sizes, Hidden hidden = {}, Last last = {},
                          BatchNorm options = {})
      : last_(sizes[require_two(sizes) - 2], sizes.back(), last) {
    for (std::size_t i = 2; i < sizes.size(); ++i) {
      hidden_.emplace_back(sizes[i - 2], sizes[i - 1], hidden, options);
    }
  }

  Index size() const { return static_cast<Index>(hidden_.size()) + 1; }

  void visit(Index i, auto&& f) { dispatch(*this, i, f); }
  void visit(Index i, auto&& f) const { dispatch(*this, i, f); }

  /// The stack of dense layers that gives the same as this one outside of training.
  Stack<Scalar, Hidden, Last> folded() const {
    std::vector<Dense<Scalar, Hidden>> hidden;
    for (const auto& layer : hidden_) hidden.push_back(layer.folded());
    return {std::move(hidden), last_};
  }

 private:
  static std::size_t require_two(const std::vector<Index>& sizes) {
    detail::require<ShapeError>(sizes.size() > 1, "stack: expected at least two sizes, found ",
                                sizes.size());
    return sizes.size();
  }

  static void dispatch(auto& self, Index i, auto&& f) {
    if (i + 1 < self.size()) {
      f(self.hidden_[static_cast<std::size_t>(i)]);
    } else {
      f(self.last_);
    }
  }

  std::vector<BatchNormDense<Scalar, Hidden>> hidden_;
  Dense<Scalar, Last> last_;
};

}  // namespace ae::inline AE_ABI

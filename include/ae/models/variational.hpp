#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/models/weighed_kl.hpp"
#include "ae/models/stacked_autoencoder.hpp"
#include "ae/parts/likelihood.hpp"

namespace ae::inline AE_ABI {

namespace detail {

/// The layers of an encoder that gives means and log variances, then those of the decoder, which
/// takes a sample.
template <class Layers>
struct VariationalNetwork {
  using Scalar = typename Layers::Scalar;

  Index size() const { return encoder.size() + decoder.size(); }
  void visit(Index i, auto&& f) { dispatch(*this, i, f); }
  void visit(Index i, auto&& f) const { dispatch(*this, i, f); }

  static void dispatch(auto& self, Index i, auto&& f) {
    const Index first = self.encoder.size();
    if (i < first) {
      self.encoder.visit(i, f);
    } else {
      self.decoder.visit(i - first, f);
    }
  }

  Layers encoder, decoder;
};

}  // namespace detail

/// An autoencoder whose codes are distributions near the standard normal, so that codes drawn from
/// the latter decode to samples like the data. Kingma and Welling, "Auto-encoding variational
/// Bayes", ICLR 2014.
/// ~~~{.cpp}
/// ae::VariationalAutoencoder model({1024, 300, 20}, ae::GaussianLikelihood{.sigma = 20});
/// model.set_scaler(ae::Scaler<float>::fit(x));
/// model.fit(x, {.epochs = 100});
/// ae::Matrix<float> pictures = model.sample(10, seed);   // 1024 x 10
/// ~~~
template <class Scalar_ = float, class Likelihood = GaussianLikelihood, class Hidden = Elu>
class VariationalAutoencoder
    : public detail::Model<detail::VariationalNetwork<Stack<Scalar_, Hidden, Identity>>> {
  using Layers = Stack<Scalar_, Hidden, Identity>;
  using Base = detail::Model<detail::VariationalNetwork<Layers>>;
  using Base::network_, Base::scaler_, Base::state_;

 public:
  using Scalar = Scalar_;
  using Base::features;

  /// Sizes from the input to the code, mirrored for the decoder. Throws ShapeError for fewer than
  /// two sizes or one below 1, OptionError for a likelihood out of range.
  template <Initializer<Scalar> Init = XavierUniform>
  explicit VariationalAutoencoder(const std::vector<Index>& sizes, Likelihood likelihood = {},
                                  std::uint64_t seed = 0, Init init = {})
      : Base({Layers(with_variances(sizes)), Layers({sizes.rbegin(), sizes.rend()})}),
        likelihood_(known(likelihood)) {
    likelihood.require_valid();
    detail::initialize(network_, init, seed);
  }

  Index code_size() const { return detail::input_size(network_.decoder); }

  /// Trains as `StackedAutoencoder::fit` does; the loss is the likelihood's. The divergence of the
  /// codes is a part too, `GaussianKl{.weight = beta, .warmup = share}` (default: 1 and 0). A sigma
  /// that is learnt is that of the weights with which the fit ends.
  template <Samples<Scalar> Data, Part... Parts>
  History fit(const Data& data, const FitOptions& options = {}, const Parts&... parts) {
    const auto measure = [&](const auto& samples) { return -evidence(samples).lower_bound(); };
    const auto& source = detail::as_source(data);
    const auto all = fit_parts(parts...);
    begin_sigma(detail::SourceRef<Scalar>(source), options);
    const std::function<void(double)> learn = [&](double loss) { set_sigma(std::sqrt(loss)); };
    History history =
        detail::fit(network_, state_, scaler_, source, options, all, code_layer(), measure, learn);
    if (options.patience > 0 && !history.empty()) {
      const auto best = std::min_element(
          history.begin(), history.end(),
          [](const auto& a, const auto& b) { return a.validation < b.validation; });
      set_sigma(std::sqrt(best->data_loss));
    }
    return history;
  }

  /// x (features x samples) to the means of its codes (code size x samples). Throws ShapeError.
  Matrix<Scalar> encode(const ConstMatrixRef<Scalar>& x) const {
    detail::require_rows(x, features(), "encode");
    return detail::in_chunks<Scalar>(x, code_size(), [&](const auto& some) -> Matrix<Scalar> {
      return encoded(some).topRows(code_size());
    });
  }

  /// x (features x samples) to means over log variances (2 code size x samples), the latter in the
  /// range that training keeps them in (see `GaussianKl`). Throws ShapeError.
  Matrix<Scalar> distributions(const ConstMatrixRef<Scalar>& x) const {
    return detail::bounded_codes(encoded(x));
  }

  /// Codes (code size x samples) to the means of what they stand for (features x samples). Throws
  /// ShapeError.
  Matrix<Scalar> decode(const ConstMatrixRef<Scalar>& code) const {
    detail::require_rows(code, code_size(), "decode");
    Workspace<Scalar> workspace;
    return detail::in_chunks<Scalar>(code, features(), [&](const auto& some) -> Matrix<Scalar> {
      detail::forward(network_.decoder, some, workspace);
      Matrix<Scalar> x = likelihood_.mean(workspace.output(network_.decoder.size() - 1));
      scaler_.unscale(x);
      return x;
    });
  }

  /// From the means of the codes. Throws ShapeError.
  Matrix<Scalar> reconstruct(const ConstMatrixRef<Scalar>& x) const { return decode(encode(x)); }

  /// What the last layer gives for the means of the codes of x (both features x samples). Throws
  /// ShapeError.
  Matrix<Scalar> outputs(const ConstMatrixRef<Scalar>& x) const {
    Workspace<Scalar> workspace;
    detail::forward(network_.decoder, encode(x), workspace);
    return workspace.output(network_.decoder.size() - 1);
  }

  /// What the outputs of the last layer are, by the likelihood.
  Link link() const { return detail::link_of(likelihood_.loss()); }

  /// New samples (features x count), from codes drawn by the seed.
  Matrix<Scalar> sample(Index count, std::uint64_t seed = 0) const {
    detail::require<OptionError>(count > 0, "sample: expected a count of at least 1, found ",
                                 count);
    Matrix<Scalar> code(code_size(), count);
    const Random random(seed, Purpose::sample);
    std::uint64_t index = 0;
    for (Scalar& entry : code.reshaped()) entry = static_cast<Scalar>(random.normal(index++));
    return decode(code);
  }

  /// On a straight line between the codes of two samples (features x 1), both ends included
  /// (features x steps). Throws ShapeError, and OptionError for fewer than two steps.
  Matrix<Scalar> interpolate(const ConstMatrixRef<Scalar>& a, const ConstMatrixRef<Scalar>& b,
                             Index steps) const {
    detail::require<OptionError>(steps > 1, "interpolate: expected at least 2 steps, found ",
                                 steps);
    detail::require<ShapeError>(a.cols() == 1 && b.cols() == 1,
                                "interpolate: expected one sample at each ", "end, found ",
                                a.cols(), " and ", b.cols());
    const Matrix<Scalar> from = encode(a), to = encode(b);
    const Matrix<Scalar> line = Vector<Scalar>::LinSpaced(steps, 0, 1).transpose();
    return decode(from.replicate(1, steps) + (to - from) * line);
  }

  /// The mean loss of reconstructions, in the units of the data. Throws ShapeError.
  template <Samples<Scalar> Data, Loss<Scalar> L = Mse>
  double evaluate(const Data& data, const L& loss = {}) const {
    return detail::evaluate(*this, detail::SourceRef<Scalar>(detail::as_source(data)), loss);
  }

  /// The evidence lower bound, with one code drawn for each sample by the seed; values that are
  /// missing have no part in the likelihood. Throws ShapeError, and DataError for samples that are
  /// not finite or that the likelihood does not take.
  template <Samples<Scalar> Data>
  Evidence evidence(const Data& data, std::uint64_t seed = 0) const {
    const auto& source = detail::as_source(data);
    detail::require_samples(source, features(), "evidence");
    const auto loss = likelihood_.loss();
    const double unit = loss.units(static_cast<double>(scaler_.unit())) / likelihood_.loss_unit();
    const bool may_miss = scaler_.missing() == Missing::allowed;
    double losses = 0, divergences = 0, values = 0;
    Workspace<Scalar> workspace;
    Matrix<Scalar> z, spread, target;
    detail::for_each_chunk<Scalar>(source, [&](const auto& x, Index first) {
      detail::require_finite_chunk<Scalar>(x, first, may_miss, "evidence");
      const Matrix<Scalar> codes = encoded(x);
      const Random random(seed, Purpose::sample, static_cast<std::uint32_t>(first));
      detail::Reparameterization{}.draw(codes, random, z, spread);
      detail::forward(network_.decoder, z, workspace);
      const auto y = workspace.output(network_.decoder.size() - 1);
      target = x;
      scaler_.scale(target);
      detail::require_targets(target, detail::targets_of(loss), "evidence",
                              [&](Index j) { return first + j; });
      const auto each = loss.value(y.array(), target.array()).template cast<double>();
      losses += x.array().isNaN().select(0.0, each).sum();
      values += static_cast<double>(x.size() - x.array().isNaN().count());
      divergences += gaussian_kl(detail::bounded_codes(codes)).sum();
    });
    const auto samples = static_cast<double>(source.samples());
    return {.log_likelihood = -(unit * losses + values * likelihood_.constant()) / samples,
            .divergence = divergences / samples};
  }

  const Likelihood& likelihood() const { return likelihood_; }

  /// Throws OptionError for a likelihood out of range.
  void set_likelihood(Likelihood likelihood) {
    likelihood.require_valid();
    likelihood_ = known(likelihood);
  }

  /// What `fit` makes of the parts that it is given; valid as long as the model stays in its place.
  template <Part... Parts>
  auto fit_parts(const Parts&... parts) const {
    static_assert(!(detail::kind::Loss<Parts>::value || ...), "the likelihood is the loss");
    if constexpr (!(std::is_same_v<Parts, GaussianKl> || ...)) {
      return fit_parts(GaussianKl{}, parts...);
    } else if constexpr (!(std::is_same_v<Parts, detail::Reparameterization> || ...)) {
      return fit_parts(detail::Reparameterization{}, parts...);
    } else {
      return detail::FitParts(likelihood_.loss(), weighed(parts)...);
    }
  }

  /// The layer whose output is the code's distribution.
  Index code_layer() const { return network_.encoder.size() - 1; }

 private:
  static const auto& weighed(const auto& part) { return part; }
  auto weighed(const GaussianKl& part) const {
    part.require_valid();
    return detail::WeighedKl<Likelihood>{part, &likelihood_, static_cast<double>(features())};
  }

  /// A sigma that is still to be learnt is 1.
  static Likelihood known(Likelihood likelihood) {
    if constexpr (detail::learns_sigma<Likelihood>) {
      if (likelihood.learnt && likelihood.sigma == 0) likelihood.sigma = 1;
    }
    return likelihood;
  }

  void set_sigma(double sigma) {
    if constexpr (detail::learns_sigma<Likelihood>) {
      if (likelihood_.learnt && sigma > 0 && std::isfinite(sigma)) likelihood_.sigma = sigma;
    }
  }

  /// Where a model learns for the first time: the deviation of the data, in the units of losses.
  void begin_sigma(const detail::SourceRef<Scalar>& data, const FitOptions& options) {
    if constexpr (detail::learns_sigma<Likelihood>) {
      if (!likelihood_.learnt || state_.steps > 0) return;
      detail::require_samples(data, features(), "fit");
      const bool per_feature =
          options.scaling ? *options.scaling != Scaling::common : scaler_.is_per_feature();
      const auto common = Scaler<Scalar>::fit(data, Scaling::common, scaler_.missing());
      set_sigma(per_feature ? 1 : static_cast<double>(common.unit()));
    }
  }

  /// What the encoder gives for x.
  Matrix<Scalar> encoded(const ConstMatrixRef<Scalar>& x) const {
    detail::require_rows(x, features(), "encode");
    Matrix<Scalar> scaled = x;
    scaler_.scale(scaled);
    Workspace<Scalar> workspace;
    detail::forward(network_.encoder, scaled, workspace);
    return workspace.output(network_.encoder.size() - 1);
  }

  static std::vector<Index> with_variances(std::vector<Index> sizes) {
    if (!sizes.empty()) sizes.back() *= 2;
    return sizes;
  }

  Likelihood likelihood_;
};

}  // namespace ae::inline AE_ABI

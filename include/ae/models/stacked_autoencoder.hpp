#pragma once

#include "ae/detail/core/abi.hpp"

#include <initializer_list>
#include <type_traits>

#include "ae/data/scaler.hpp"
#include "ae/detail/data/evaluate.hpp"
#include "ae/detail/models/in_chunks.hpp"
#include "ae/detail/models/model.hpp"
#include "ae/detail/training/partial_fit.hpp"
#include "ae/detail/training/pretrain.hpp"
#include "ae/models/summary.hpp"
#include "ae/parts/activation.hpp"
#include "ae/parts/initializer.hpp"

namespace ae::inline AE_ABI {

/// An encoder and a decoder, trained together to give their input back. Hinton and Salakhutdinov,
/// "Reducing the dimensionality of data with neural networks", Science 313, 2006.
/// ~~~{.cpp}
/// ae::StackedAutoencoder model({1024, 300, 150});   // 1024-300-150-300-1024
/// model.fit(x, {.epochs = 100, .batch_size = 150}, ae::L2{1e-4});
/// ae::Matrix<float> code = model.encode(x);         // x: features x samples
/// ~~~
/// Other activations are other stacks, as in `StackedAutoencoder<float, Stack<float, Tanh>>`;
/// layers of any types come as `StackedAutoencoder model(encoder, decoder)`. A model is a plain
/// value: copies are independent, and its const functions may be called from many threads.
template <class Scalar_ = float, LayerOrStack Encoder = Stack<Scalar_>,
          LayerOrStack Decoder = typename Encoder::Mirror>
class StackedAutoencoder : public detail::Model<Chain<Encoder, Decoder>> {
  using Base = detail::Model<Chain<Encoder, Decoder>>;
  using Base::network_, Base::scaler_, Base::state_;

 public:
  using Scalar = Scalar_;
  using Base::features;
  using typename Base::Network;

  /// Sizes from the input to the code, mirrored for the decoder; weights drawn from the seed,
  /// biases zero. Throws ShapeError for fewer than two sizes, or one below 1.
  template <Initializer<Scalar_> Init = XavierUniform>
  explicit StackedAutoencoder(std::vector<Index> sizes, std::uint64_t seed = 0, Init init = {});

  template <Initializer<Scalar_> Init = XavierUniform>
  explicit StackedAutoencoder(std::initializer_list<Index> sizes, std::uint64_t seed = 0,
                              Init init = {})
      : StackedAutoencoder(std::vector<Index>(sizes), seed, init) {}

  /// Around layers as they are; where all their weights are still zero, which none can learn from,
  /// they are drawn from the seed by `XavierUniform`. Throws ShapeError unless the decoder takes
  /// what the encoder gives, and gives what the encoder takes.
  StackedAutoencoder(Encoder encoder, Decoder decoder, std::uint64_t seed = 0);

  Index code_size() const { return detail::output_size(encoder()); }

  /// Trains on a matrix (features x samples) or any source of samples; another call goes on, with
  /// the moments as they are. `parts` are, one of a kind and in any order, an optimizer (default
  /// `Adam{}`), a loss (`Mse{}`), a regularizer, an augmentation, a corruption (which makes it a
  /// denoising autoencoder), `SparseL1` or `SparseKl`, `Contractive`, `Dropout`, `TiedWeights`,
  /// `ClipGradients` and `Validation`. Throws ShapeError, OptionError, and DivergenceError, after
  /// which the model is at its last finite state.
  template <Samples<Scalar_> Data, Part... Parts>
  History fit(const Data& data, const FitOptions& options = {}, const Parts&... parts) {
    const auto all = this->fit_parts(parts...);
    const auto measure = [&](const auto& samples) { return evaluate(samples, all.loss()); };
    return linked(all, [&] {
      return detail::fit(network_, state_, scaler_, detail::as_source(data), options, all,
                         code_layer(), measure);
    });
  }

  /// One step on samples of a stream (features x batch); returns their mean loss before it, in the
  /// units of the data. Throws as `fit` does.
  template <Part... Parts>
  double partial_fit(const ConstMatrixRef<Scalar>& x, double rate, const Parts&... parts) {
    const auto all = fit_parts(parts...);
    return linked(all, [&] {
      return detail::partial_fit(network_, state_, scaler_, x, rate, all, code_layer());
    });
  }

  /// Trains each layer of the encoder, from the input on, with its mirror image in the decoder, as
  /// an autoencoder of the codes of the layers before it; `fit` then tunes them together. Bengio,
  /// Lamblin, Popovici and Larochelle, "Greedy layer-wise training of deep networks", NIPS 2006.
  /// Returns a history for each layer. Throws as `fit` does, and ShapeError unless the decoder
  /// mirrors the encoder.
  template <Samples<Scalar_> Data, Part... Parts>
  std::vector<History> pretrain(const Data& data, const FitOptions& options = {},
                                const Parts&... parts) {
    const auto all = fit_parts(parts...);
    return linked(all, [&] {
      return detail::pretrain(network_, scaler_, detail::as_source(data), options, all);
    });
  }

  /// x (features x samples) to codes (code size x samples). Throws ShapeError.
  Matrix<Scalar> encode(const ConstMatrixRef<Scalar>& x) const {
    detail::require_rows(x, features(), "encode");
    Workspace<Scalar> workspace;
    return detail::in_chunks<Scalar>(x, code_size(), [&](const auto& some) -> linalg::View<Scalar> {
      return encode(some, workspace);
    });
  }

  /// Codes (code size x samples) to reconstructions (features x samples). Throws ShapeError.
  Matrix<Scalar> decode(const ConstMatrixRef<Scalar>& code) const {
    detail::require_rows(code, code_size(), "decode");
    Workspace<Scalar> workspace;
    return detail::in_chunks<Scalar>(
        code, features(),
        [&](const auto& some) -> linalg::View<Scalar> { return decode(some, workspace); });
  }

  /// x (features x samples), encoded and decoded again. Throws ShapeError.
  Matrix<Scalar> reconstruct(const ConstMatrixRef<Scalar>& x) const {
    detail::require_rows(x, features(), "reconstruct");
    Workspace<Scalar> workspace;
    return detail::in_chunks<Scalar>(x, features(), [&](const auto& some) -> linalg::View<Scalar> {
      return reconstruct(some, workspace);
    });
  }

  /// The same three without an allocation, once the workspace has grown to the batch: what is
  /// returned is a view into it, valid until its next use. One model serves many threads, each with
  /// workspaces of its own; a workspace that is used for one of the three only never grows again.
  linalg::View<Scalar> encode(const ConstMatrixRef<Scalar>& x, Workspace<Scalar>& workspace) const {
    detail::require_rows(x, features(), "encode");
    return run(encoder(), x, workspace);
  }
  linalg::View<Scalar> decode(const ConstMatrixRef<Scalar>& code,
                              Workspace<Scalar>& workspace) const {
    detail::require_rows(code, code_size(), "decode");
    detail::forward(decoder(), code, workspace);
    return finished(workspace.output(decoder().size() - 1));
  }
  linalg::View<Scalar> reconstruct(const ConstMatrixRef<Scalar>& x,
                                   Workspace<Scalar>& workspace) const {
    detail::require_rows(x, features(), "reconstruct");
    return finished(run(network_, x, workspace));
  }

  /// What the last layer gives for x (both features x samples), in the units of the network: the
  /// logits of a model with a logistic link. Throws ShapeError.
  Matrix<Scalar> outputs(const ConstMatrixRef<Scalar>& x) const {
    detail::require_rows(x, features(), "outputs");
    Workspace<Scalar> workspace;
    return detail::in_chunks<Scalar>(x, features(), [&](const auto& some) -> linalg::View<Scalar> {
      return run(network_, some, workspace);
    });
  }

  /// What the outputs of the last layer are: that of the loss of the latest fit.
  Link link() const { return link_; }
  void set_link(Link link) { link_ = link; }

  /// The mean loss between samples and their reconstructions, in the units of the data; of a loss
  /// with a link, between scaled samples and the outputs. Throws ShapeError, DataError for samples
  /// that the loss does not take, and OptionError for a loss whose link the model does not have.
  template <Samples<Scalar> Data, Loss<Scalar> L = Mse>
  double evaluate(const Data& data, const L& loss = {}) const {
    return detail::evaluate(*this, detail::SourceRef<Scalar>(detail::as_source(data)), loss);
  }

  /// What `fit` makes of the parts that it is given, for those who train by other means.
  template <Part... Parts>
  static auto fit_parts(const Parts&... parts) {
    return detail::FitParts<Parts...>(parts...);
  }

  const Encoder& encoder() const { return network_.template part<0>(); }
  const Decoder& decoder() const { return network_.template part<1>(); }

  /// The layer whose output is the code.
  Index code_layer() const { return encoder().size() - 1; }

 private:
  template <class Layers>
  linalg::View<Scalar> run(const Layers& layers, const ConstMatrixRef<Scalar>& x,
                           Workspace<Scalar>& workspace) const {
    if (scaler_.is_identity() && scaler_.missing() == Missing::refused) {
      detail::forward(layers, x, workspace);
    } else {
      auto input = workspace.input(x.rows(), x.cols());
      linalg::copy(linalg::const_view(x), input);
      scaler_.scale(input);
      detail::forward(layers, input, workspace);
    }
    return workspace.output(layers.size() - 1);
  }

  /// From outputs of the last layer to the units of the data, in place.
  linalg::View<Scalar> finished(linalg::View<Scalar> x) const {
    if (link_ == Link::logistic) x.array() = Sigmoid{}.value(x.array());
    scaler_.unscale(x);
    return x;
  }

  /// Trains with the link of a loss, which then is the model's unless nothing was learnt.
  template <class Parts, class Train>
  auto linked(const Parts& parts, const Train& train) {
    const Link before = std::exchange(link_, detail::link_of(parts.loss()));
    const Index steps = state_.steps;
    try {
      return train();
    } catch (...) {
      if (state_.steps == steps) link_ = before;
      throw;
    }
  }

  Link link_ = Link::identity;
};

template <class Scalar, LayerOrStack Encoder, LayerOrStack Decoder>
StackedAutoencoder<Scalar, Encoder, Decoder>::StackedAutoencoder(Encoder encoder, Decoder decoder,
                                                                 std::uint64_t seed)
    : Base(Chain(std::move(encoder), std::move(decoder))) {
  detail::require<ShapeError>(detail::input_size(network_) == detail::output_size(network_),
                              "autoencoder: expected an output of the input's size ",
                              detail::input_size(network_), ", found ",
                              detail::output_size(network_));
  if (detail::has_zero_weights(network_)) detail::initialize(network_, XavierUniform{}, seed);
}

template <class Scalar, LayerOrStack Encoder, LayerOrStack Decoder>
template <Initializer<Scalar> Init>
StackedAutoencoder<Scalar, Encoder, Decoder>::StackedAutoencoder(std::vector<Index> sizes,
                                                                 std::uint64_t seed, Init init)
    : StackedAutoencoder(Encoder(sizes), Decoder({sizes.rbegin(), sizes.rend()})) {
  detail::initialize(network_, init, seed);
}

template <LayerOrStack Encoder, LayerOrStack Decoder>
StackedAutoencoder(Encoder, Decoder)
    -> StackedAutoencoder<typename Encoder::Scalar, AsStack<Encoder>, AsStack<Decoder>>;

}  // namespace ae::inline AE_ABI

#ifdef AE_COMPILED
#define AE_INSTANCE extern template
#include "ae/detail/models/stacked_autoencoder-instances.inc"
#undef AE_INSTANCE
#endif

#pragma once

#include "ae/detail/core/abi.hpp"

#include <tuple>
#include <vector>

#include "ae/detail/core/function_ref.hpp"
#include "ae/layers/dense.hpp"

/// Layers one behind the other. Every stack answers `size()` and `visit(i, f)`, which calls f with
/// layer i in its own type, so that loops over layers of several types stay loops.
namespace ae::inline AE_ABI {

namespace detail {

template <class T, class Scalar>
concept Forward = requires(const T& layer, Product<Scalar>& product, linalg::View<Scalar> y,
                           linalg::ConstView<Scalar> x, const linalg::EpilogueRef<Scalar>& finish) {
  layer.forward(product, x, y, y, finish);
};

template <class T, class Scalar>
concept Differentiable = Forward<T, Scalar> &&
    requires(const T& layer, Product<Scalar>& product, linalg::View<Scalar> y,
             linalg::ConstView<Scalar> x, const linalg::EpilogueRef<Scalar>& finish,
             FunctionRef<linalg::EpilogueRef<Scalar>(Index)> epilogues) {
  layer.differentiate(y, x);
  layer.backward_input(product, x, y, finish);
  layer.backward_parameters(product, x, x, epilogues);
};

/// A layer that does something else in training: `training()` gives the layer of one fit, which
/// holds what that needs, and changes the parameters of this one. Its `least_batch` is how many
/// samples it needs in a batch.
template <class T, class Scalar>
concept HasTraining = Forward<T, Scalar> && requires(T& layer) {
  { layer.training() } -> Differentiable<Scalar>;
};

}  // namespace detail

/// What backprop asks of a layer; `Dense` is the model to follow. One whose derivative needs more
/// than the output y has a true `needs_pre_activation`: then `forward` is given a view z with rows,
/// where its pre-activation goes, and `differentiate` is given z in place of y. One that does
/// something else in training gives the layer for it by `training()`; see `BatchNormDense`.
/// ~~~{.cpp}
/// static_assert(ae::Layer<ae::Dense<float, ae::Gelu>>);
/// ~~~
template <class T>
concept Layer = requires(T& layer, const T& fixed) {
  typename T::Scalar;
  { T::parameters } -> std::convertible_to<Index>;
  { fixed.inputs() } -> std::convertible_to<Index>;
  { fixed.outputs() } -> std::convertible_to<Index>;
  { fixed.name() } -> std::convertible_to<std::string_view>;
  { layer.parameter(Index{0}) } -> std::same_as<Parameter<typename T::Scalar>>;
  { fixed.parameter(Index{0}) } -> std::same_as<Parameter<const typename T::Scalar>>;
}
&&(detail::Differentiable<T, typename T::Scalar> || detail::HasTraining<T, typename T::Scalar>);

/// A layer, or layers one behind the other, as a Stack and a Chain have them.
/// ~~~{.cpp}
/// static_assert(ae::LayerOrStack<ae::Stack<float, ae::Gelu>>);
/// ~~~
template <class T>
concept LayerOrStack = Layer<T> || requires(const T& layers) {
  typename T::Scalar;
  { layers.size() } -> std::convertible_to<Index>;
};

template <class T>
constexpr bool needs_pre_activation = requires {
  requires T::needs_pre_activation;
};

/// Dense layers as many as there are sizes, less one: `Hidden` on all but the last, which has
/// `Last`.
/// ~~~{.cpp}
/// const ae::Stack<float, ae::Gelu, ae::Identity> encoder({1024, 300, 150});
/// const ae::Stack<float, ae::Gelu, ae::Identity> decoder({150, 600, 1024});
/// ae::StackedAutoencoder model(encoder, decoder);
/// ~~~
template <class Scalar_ = float, Activation<Scalar_> Hidden = Elu,
          Activation<Scalar_> Last = Hidden>
class Stack {
 public:
  using Scalar = Scalar_;
  /// The stack that decodes what this one encodes: the same hidden layers, a linear output.
  using Mirror = Stack<Scalar, Hidden, Identity>;

  /// {1024, 300, 150} is 1024 inputs, a layer of 300 and one of 150. Throws ShapeError for fewer
  /// than two sizes, or one below 1.
  explicit Stack(const std::vector<Index>& sizes, Hidden hidden = {}, Last last = {});

  /// Of layers as they are, the last of which comes behind the others.
  Stack(std::vector<Dense<Scalar, Hidden>> hidden, Dense<Scalar, Last> last)
      : hidden_(std::move(hidden)), last_(std::move(last)) {}

  Index size() const { return static_cast<Index>(hidden_.size()) + 1; }

  void visit(Index i, auto&& f) { dispatch(*this, i, f); }
  void visit(Index i, auto&& f) const { dispatch(*this, i, f); }

 private:
  template <Activation<Scalar> A>
  static Dense<Scalar, A> make(const std::vector<Index>& sizes, std::size_t end, A activation) {
    detail::require<ShapeError>(sizes.size() > 1, "stack: expected at least two sizes, found ",
                                sizes.size());
    return {sizes[end - 2], sizes[end - 1], activation};
  }

  static void dispatch(auto& self, Index i, auto&& f) {
    if (i + 1 < self.size()) {
      f(self.hidden_[static_cast<std::size_t>(i)]);
    } else {
      f(self.last_);
    }
  }

  std::vector<Dense<Scalar, Hidden>> hidden_;
  Dense<Scalar, Last> last_;
};

template <class Scalar, Activation<Scalar> Hidden, Activation<Scalar> Last>
Stack<Scalar, Hidden, Last>::Stack(const std::vector<Index>& sizes, Hidden hidden, Last last)
    : last_(make(sizes, sizes.size(), last)) {
  for (std::size_t i = 2; i < sizes.size(); ++i) hidden_.push_back(make(sizes, i, hidden));
}

/// Layers and stacks of any types, one behind the other.
/// ~~~{.cpp}
/// const ae::Chain encoder(ae::Dense<float, ae::Relu>(64, 32), ae::Dense<float, ae::Tanh>(32, 8));
/// ae::StackedAutoencoder model(encoder, ae::Dense<float>(8, 64));
/// ~~~
template <LayerOrStack First, LayerOrStack... Rest>
class Chain {
 public:
  using Scalar = typename First::Scalar;

  /// Throws ShapeError if a layer does not take what the one before it gives.
  explicit(sizeof...(Rest) > 0) Chain(First first, Rest... rest)
      : parts_(std::move(first), std::move(rest)...) {
    require_linked();
  }

  Index size() const {
    return std::apply([](const auto&... part) { return (length(part) + ...); }, parts_);
  }

  void visit(Index i, auto&& f) { dispatch(*this, i, f); }
  void visit(Index i, auto&& f) const { dispatch(*this, i, f); }

  template <std::size_t I>
  const auto& part() const {
    return std::get<I>(parts_);
  }

 private:
  void require_linked() const;

  static Index length(const auto& part) {
    if constexpr (Layer<std::decay_t<decltype(part)>>) {
      return 1;
    } else {
      return part.size();
    }
  }

  /// Tries the parts in turn; each takes the layers that it holds off the index.
  static void dispatch(auto& self, Index i, auto&& f) {
    const auto visit_if_here = [&](auto& part) {
      const bool here = i >= 0 && i < length(part);
      if (here) visit_part(part, i, f);
      i -= length(part);
    };
    std::apply([&](auto&... part) { (visit_if_here(part), ...); }, self.parts_);
  }

  static void visit_part(auto& part, Index i, auto&& f) {
    if constexpr (Layer<std::decay_t<decltype(part)>>) {
      f(part);
    } else {
      part.visit(i, f);
    }
  }

  std::tuple<First, Rest...> parts_;
};

template <LayerOrStack First, LayerOrStack... Rest>
void Chain<First, Rest...>::require_linked() const {
  Index given = 0;
  for (Index i = 0; i < size(); ++i) {
    visit(i, [&](const auto& layer) {
      detail::require<ShapeError>(i == 0 || layer.inputs() == given, "chain: layer ", i,
                                  " expects ", layer.inputs(), " inputs, but layer ", i - 1,
                                  " gives ", given);
      given = layer.outputs();
    });
  }
}

/// A stack as it is; a layer as a chain of one.
template <class T>
using AsStack = std::conditional_t<Layer<T>, Chain<T>, T>;

}  // namespace ae::inline AE_ABI

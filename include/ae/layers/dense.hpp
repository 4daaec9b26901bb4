#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <string_view>

#include "ae/detail/core/compiler.hpp"
#include "ae/detail/core/function_ref.hpp"
#include "ae/layers/parameter.hpp"
#include "ae/linalg/product.hpp"
#include "ae/parts/activation.hpp"
#include "ae/parts/initializer.hpp"

namespace ae::inline AE_ABI {

/// y = activation(W x + b): W (outputs x inputs), b (outputs), a sample a column.
/// ~~~{.cpp}
/// ae::Dense<float, ae::Tanh> encoder(64, 8);
/// ae::Dense<float> decoder(8, 64);
/// ae::StackedAutoencoder model(encoder, decoder);
/// ~~~
template <class Scalar_, Activation<Scalar_> Activation_ = Identity>
class Dense {
  using View = linalg::View<Scalar_>;
  using ConstView = linalg::ConstView<Scalar_>;
  using Epilogue = linalg::EpilogueRef<Scalar_>;
  using Epilogues = detail::FunctionRef<Epilogue(Index parameter)>;

 public:
  using Scalar = Scalar_;
  using Activation = Activation_;
  static constexpr Index parameters = 2;
  /// True if `differentiate` needs z = W x + b and not y.
  static constexpr bool needs_pre_activation = !detail::HasDerivative<Activation, Scalar>;

  /// Weights zero. Throws ShapeError for a size below 1, OptionError for an activation whose
  /// numbers are outside their range.
  Dense(Index inputs, Index outputs, Activation activation = {});

  /// The weight drawn by the initializer, the bias zero.
  template <Initializer<Scalar> Init>
  void initialize(const Init& init, const Random& random) {
    init(weight_, random);
    bias_.setZero();
  }

  Index inputs() const { return weight_.cols(); }
  Index outputs() const { return weight_.rows(); }
  std::string_view name() const { return activation_.name; }

  const Matrix<Scalar>& weight() const { return weight_; }
  const Vector<Scalar>& bias() const { return bias_; }
  const Activation& activation() const { return activation_; }

  /// Throws ShapeError unless the weight is (outputs x inputs).
  void set_weight(const ConstMatrixRef<Scalar>& weight) { assign(weight_, weight, "weight"); }

  /// Throws ShapeError unless the bias is (outputs x 1).
  void set_bias(const ConstMatrixRef<Scalar>& bias) { assign(bias_, bias, "bias"); }

  Parameter<Scalar> parameter(Index index) {
    if (index == 0) return {"weight", {weight_.data(), outputs(), inputs()}, true};
    return {"bias", {bias_.data(), outputs(), 1}, false};
  }
  Parameter<const Scalar> parameter(Index index) const {
    if (index == 0) return {"weight", {weight_.data(), outputs(), inputs()}, true};
    return {"bias", {bias_.data(), outputs(), 1}, false};
  }

  /// x (inputs x batch) to y (outputs x batch); z takes W x + b where it has rows, and `finish`
  /// sees every tile of y.
  void forward(Product<Scalar>& product, ConstView x, View y, View z = linalg::no_view<Scalar>(),
               const Epilogue& finish = {}) const;

  /// dL/dy, any block of it, becomes dL/dz, where `kept` is the same block of y, or of z if
  /// `needs_pre_activation`.
  void differentiate(View delta, ConstView kept) const;

  /// dL/dx = W^T dL/dz; `finish` sees every tile of it.
  void backward_input(Product<Scalar>& product, ConstView dz, View dx,
                      const Epilogue& finish = {}) const;

  /// dL/dW = dL/dz x^T and dL/db = dL/dz 1, in tiles for the epilogues `epilogues(parameter)`.
  void backward_parameters(Product<Scalar>& product, ConstView x, ConstView dz,
                           Epilogues epilogues) const;

 private:
  /// `sums` takes the sum of the columns.
  static void sum_columns(ConstView of, Scalar* sums);

  void activate_and_keep(Index size, Scalar* column, const Scalar* bias, Scalar* kept) const;

  template <class Target>
  static void assign(Target& target, const ConstMatrixRef<Scalar>& value, const char* what) {
    detail::require<ShapeError>(target.rows() == value.rows() && target.cols() == value.cols(),
                                "dense layer: expected a ", what, " of ",
                                detail::shape(target.rows(), target.cols()), ", found ",
                                detail::shape(value.rows(), value.cols()));
    target = value;
  }

  Matrix<Scalar> weight_;
  Vector<Scalar> bias_;
  AE_NO_UNIQUE_ADDRESS Activation activation_;
};

template <class Scalar, Activation<Scalar> A>
Dense<Scalar, A>::Dense(Index inputs, Index outputs, Activation activation)
    : activation_(activation) {
  detail::require<ShapeError>(inputs > 0 && outputs > 0,
                              "dense layer: expected sizes of at least 1, found ", inputs,
                              " inputs and ", outputs, " outputs");
  if constexpr (requires { activation.require_valid(); }) activation.require_valid();
  weight_.setZero(outputs, inputs);
  bias_.setZero(outputs);
}

template <class Scalar, Activation<Scalar> A>
void Dense<Scalar, A>::forward(Product<Scalar>& product, ConstView x, View y, View z,
                               const Epilogue& finish) const {
  const auto activate = [&](View tile, Range rows, Range cols) AE_FLATTENED {
    for (Index j = 0; j < cols.size; ++j) {
      Scalar* const column = tile.data() + j * tile.outerStride();
      const Scalar* const bias = bias_.data() + rows.first;
      if (z.rows() > 0) {
        activate_and_keep(rows.size, column, bias, &z(rows.first, cols.first + j));
      } else {
        detail::for_packets(
            rows.size,
            [&](auto entries, const auto& b) AE_INLINED {
              entries += b;
              entries.array() = activation_.value(entries.array());
            },
            column, bias);
      }
    }
  };
  product(y, weight_, x, linalg::chain(activate, finish));
}

template <class Scalar, Activation<Scalar> A>
AE_FLATTENED void Dense<Scalar, A>::differentiate([[maybe_unused]] View delta,
                                                  [[maybe_unused]] ConstView kept) const {
  if constexpr (!std::is_same_v<Activation, Identity>) {
    for (Index j = 0; j < delta.cols(); ++j) {
      detail::for_packets(
          delta.rows(),
          [&](auto entries, const auto& at) AE_INLINED {
            if constexpr (needs_pre_activation) {
              entries.array() *= activation_.derivative_at(at.array());
            } else {
              entries.array() *= activation_.derivative(at.array());
            }
          },
          delta.data() + j * delta.outerStride(), kept.data() + j * kept.outerStride());
    }
  }
}

template <class Scalar, Activation<Scalar> A>
void Dense<Scalar, A>::backward_input(Product<Scalar>& product, ConstView dz, View dx,
                                      const Epilogue& finish) const {
  product(dx, weight_.transpose(), dz, finish);
}

template <class Scalar, Activation<Scalar> A>
void Dense<Scalar, A>::backward_parameters(Product<Scalar>& product, ConstView x, ConstView dz,
                                           Epilogues epilogues) const {
  product.tiles(dz, x.transpose(), epilogues(0));
  const Epilogue bias_epilogue = epilogues(1);
  constexpr Index tile = 64;
  Eigen::Array<Scalar, tile, 1> sums;
  for (Index first = 0; first < outputs(); first += tile) {
    const Range rows{first, std::min(tile, outputs() - first)};
    sum_columns(linalg::block(dz, rows, {0, dz.cols()}), sums.data());
    bias_epilogue({sums.data(), rows.size, 1, Eigen::OuterStride<>(tile)}, rows, Range{0, 1});
  }
}

template <class Scalar, Activation<Scalar> A>
AE_FLATTENED void Dense<Scalar, A>::sum_columns(ConstView of, Scalar* sums) {
  std::fill_n(sums, of.rows(), Scalar{0});
  const auto column = [&](Index j) { return of.data() + j * of.outerStride(); };
  Index j = 0;
  for (; j + 4 <= of.cols(); j += 4) {
    detail::for_packets(
        of.rows(),
        [](auto s, const auto& a, const auto& b, const auto& c, const auto& d)
            AE_INLINED { s += (a + b) + (c + d); },
        sums, column(j), column(j + 1), column(j + 2), column(j + 3));
  }
  for (; j < of.cols(); ++j) {
    detail::for_packets(
        of.rows(), [](auto s, const auto& a) AE_INLINED { s += a; }, sums, column(j));
  }
}

template <class Scalar, Activation<Scalar> A>
void Dense<Scalar, A>::activate_and_keep(Index size, Scalar* column, const Scalar* bias,
                                         Scalar* kept) const {
  detail::for_packets(
      size,
      [&](auto entries, const auto& b, auto z) AE_INLINED {
        z = entries + b;
        entries.array() = activation_.value(z.array());
      },
      column, bias, kept);
}

}  // namespace ae::inline AE_ABI

#ifdef AE_COMPILED
#define AE_INSTANCE extern template
#include "ae/detail/layers/dense-instances.inc"
#undef AE_INSTANCE
#endif

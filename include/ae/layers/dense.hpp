#pragma once

#include <string_view>

#include "ae/detail/linalg/entries.hpp"
#include "ae/linalg/product.hpp"
#include "ae/parts/activation.hpp"
#include "ae/parts/initializer.hpp"

namespace ae {

/// A view of one parameter of a layer, for optimizers, files and callers.
template <class Scalar>
struct Parameter {
  std::string_view name;
  Eigen::Map<Matrix<Scalar>> value;
  bool regularized;
};

/// y = activation(W x + b): W (outputs x inputs), b (outputs), a sample a column.
template <class Scalar_, Activation Activation_ = Identity>
class Dense {
 public:
  using Scalar = Scalar_;
  using Activation = Activation_;
  static constexpr Index parameters = 2;
  /// True if `differentiate` needs z = W x + b and not y.
  static constexpr bool keeps_z = !detail::HasDerivative<Activation>;

  /// Weights zero. Throws ShapeError for a size below 1, OptionError for an activation whose
  /// numbers are outside their range.
  Dense(Index inputs, Index outputs, Activation activation = {}) : activation_(activation) {
    detail::require<ShapeError>(inputs > 0 && outputs > 0,
                                "dense layer: expected sizes of at least 1, found ", inputs,
                                " inputs and ", outputs, " outputs");
    if constexpr (requires { activation.require_valid(); }) activation.require_valid();
    weight_.setZero(outputs, inputs);
    bias_.setZero(outputs);
  }

  /// The weight drawn by the initializer, the bias zero.
  template <Initializer Init>
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

  /// x (inputs x batch) to y (outputs x batch); `finish(tile, rows, cols)` sees every tile of y,
  /// and `keep` before that of z.
  template <class Output, class Finish = NoEpilogue, class Keep = NoEpilogue>
  void forward(Product<Scalar>& product, const auto& x, Output&& y, const Finish& finish = {},
               const Keep& keep = {}) const {
    const auto add_bias = [this](auto&& tile, Range rows, Range) {
      tile.colwise() += bias_.segment(rows.first, rows.size);
    };
    const auto activate =
        detail::on_entries([this](auto z) { z.array() = activation_.value(z.array()); });
    product(y, weight_, x,
            linalg::Then{add_bias, linalg::Then{keep, linalg::Then{activate, finish}}});
  }

  /// A tile of dL/dy becomes dL/dz, where `kept` is the same tile of y, or of z if `keeps_z`.
  void differentiate([[maybe_unused]] auto&& tile, [[maybe_unused]] const auto& kept) const {
    if constexpr (keeps_z) {
      tile.array() *= activation_.derivative_at(kept.array());
    } else if constexpr (!std::is_same_v<Activation, Identity>) {
      tile.array() *= activation_.derivative(kept.array());
    }
  }

  /// dL/dx = W^T dL/dz; `finish(tile, rows, cols)` sees every tile of it.
  template <class Delta, class Finish = NoEpilogue>
  void backward_input(Product<Scalar>& product, const auto& dz, Delta&& dx,
                      const Finish& finish = {}) const {
    product(dx, weight_.transpose(), dz, finish);
  }

  /// dL/dW = dL/dz x^T and dL/db = dL/dz 1, in tiles for the epilogue `take(parameter)`.
  template <class Take>
  void backward_parameters(Product<Scalar>& product, const auto& x, const auto& dz,
                           const Take& take) const {
    product.tiles(dz, x.transpose(), take(0));
    const auto take_bias = take(1);
    using Sums = Eigen::Matrix<Scalar, Eigen::Dynamic, 1, 0, bias_tile, 1>;
    for (Index first = 0; first < outputs(); first += bias_tile) {
      const Range rows{first, std::min(bias_tile, outputs() - first)};
      const Sums sums = dz.middleRows(rows.first, rows.size).rowwise().sum();
      take_bias(sums, rows, Range{0, 1});
    }
  }

 private:
  static constexpr Index bias_tile = 64;

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
  [[no_unique_address]] Activation activation_;
};

}  // namespace ae

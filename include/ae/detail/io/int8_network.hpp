#pragma once

#include "ae/detail/core/abi.hpp"

#include <functional>
#include <optional>
#include <vector>

#include "ae/detail/io/activation_table.hpp"
#include "ae/detail/io/cpp_functions.hpp"
#include "ae/detail/io/int8_layer.hpp"

namespace ae::inline AE_ABI::detail {

/// A part of a model in 8 bits, and what its header makes of samples: the same bits, but where an
/// activation calls <cmath>, of which every library has its own.
template <class Model>
class Int8Network {
 public:
  using Values = Eigen::Ref<Eigen::ArrayXf>;

  /// An activation as C++, an expression of z, with its table where it has one; and for the host.
  struct Activation {
    std::string expression;
    std::optional<ActivationTable> table;
    std::function<void(Values)> apply;
  };

  struct Layer {
    Index number;  ///< in the model
    Int8Layer product;
    Activation activation;
  };

  /// `intervals` of tables; 0 for none. Throws FileError for weights that are not finite.
  Int8Network(const Model& model, ModelPart part, int intervals, const std::string& where)
      : scaler_(model.scaler()) {
    for_each_dense(model, part,
                   [&](Index i, const auto& weight, const auto& bias, const auto& activation) {
                     require_finite_weights(weight, bias, i, where);
                     layers_.push_back({i, Int8Layer(weight, bias), of(activation, intervals)});
                   });
    with_output_activation(model,
                           [&](const auto& activation) { output_ = of(activation, intervals); });
    decoder_ = part == ModelPart::decoder ? 0 : model.code_layer() + 1;
  }

  const std::vector<Layer>& layers() const { return layers_; }
  const Activation& output() const { return output_; }

  /// x (features) to its code (code size).
  Vector<float> encode(Vector<float> x) const {
    scaler_.scale(x);
    return run(0, static_cast<std::size_t>(decoder_), std::move(x));
  }

  /// A code (code size) to features.
  Vector<float> decode(Vector<float> code) const {
    Vector<float> y = run(static_cast<std::size_t>(decoder_), layers_.size(), std::move(code));
    output_.apply(y.array());
    if (scaler_.is_identity()) return y;
    for (Index i = 0; i < y.size(); ++i) {
      y[i] = rounded(y[i] * scaler_.divisors()[i]) + scaler_.center()[i];
    }
    return y;
  }

 private:
  template <class A>
  static Activation of(const A& activation, int intervals) {
    Activation all{
        activation_to_cpp(activation), {}, [activation](Values z) { z = activation.value(z); }};
    if (intervals == 0 || !needs_table(all.expression)) return all;
    all.table.emplace(activation, intervals);
    all.apply = [table = *all.table](Values z) { z = z.unaryExpr(table); };
    return all;
  }

  Vector<float> run(std::size_t first, std::size_t end, Vector<float> x) const {
    for (std::size_t i = first; i < end; ++i) {
      Vector<float> y(layers_[i].product.outputs());
      layers_[i].product.multiply(x.data(), y.data());
      layers_[i].activation.apply(y.array());
      x = std::move(y);
    }
    return x;
  }

  Scaler<float> scaler_;
  std::vector<Layer> layers_;
  Activation output_;
  Index decoder_ = 0;  // its first layer among these
};

}  // namespace ae::inline AE_ABI::detail

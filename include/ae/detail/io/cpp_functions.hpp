#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <utility>

#include "ae/core/file.hpp"
#include "ae/data/scaler.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/io/cpp_name.hpp"
#include "ae/detail/models/dense_layers.hpp"
#include "ae/io/cpp_activation.hpp"

/// What headers of all formats have in common: arrays of numbers, and functions of samples, which
/// are made of a function `layerI(x, y)` for each layer and of `multiply_add`.
namespace ae::inline AE_ABI::detail {

template <class A>
std::string activation_to_cpp(const A& activation) {
  constexpr bool known = requires {
    to_cpp(activation);
  };
  static_assert(known,
                "an activation that is not known as C++: beside it, write a function std::string "
                "to_cpp(const Yours&) that returns an expression of z, as \"z < 0 ? 0 : z\"");
  if constexpr (known) return to_cpp(activation);
}

/// An array of any literals, in lines of 98 letters.
inline std::string cpp_array(const std::string& declaration, const auto& values,
                             const auto& literal_of) {
  std::string all = "inline constexpr " + declaration + "[] = {";
  std::string line;
  for (const auto value : values) {
    const std::string literal = literal_of(value) + ',';
    if (line.size() + literal.size() > 98) all += "\n  " + std::exchange(line, {});
    line += literal;
  }
  return all + "\n  " + line + "};\n";
}

/// The values as they lie in memory, column by column.
template <class Derived>
std::string cpp_array(const std::string& name, const Eigen::MatrixBase<Derived>& values) {
  return cpp_array("Scalar " + name, values.reshaped(),
                   [](auto value) { return cpp_literal(value); });
}

/// Replaces each of so many values at y, which the expression calls z.
inline std::string cpp_replace(Index size, const std::string& value,
                               const std::string& expression) {
  if (value == "y[i]" && expression == "z") return {};
  return detail::text("  for (std::size_t i = 0; i < ", size,
                      "; ++i) {\n    const Scalar z = ", value, ";\n    y[i] = ", expression,
                      ";\n  }\n");
}

inline std::string cpp_each_feature(const char* each) {
  return detail::text("  for (std::size_t i = 0; i < features; ++i) ", each, ";\n");
}

/// Scales, or the other way round, where the model does.
template <class Model>
std::string cpp_scaling(const Model& model, const char* each) {
  return model.scaler().is_identity() ? std::string() : cpp_each_feature(each);
}

template <class Model>
std::string cpp_scaler(const Model& model) {
  const auto& scaler = model.scaler();
  if (scaler.is_identity()) return {};
  return cpp_array("center", scaler.center()) + cpp_array("divisor", scaler.divisors());
}

/// The body of a function from x to y through the layers of a part, whose outputs lie in two arrays
/// by turns.
template <class Model>
std::string cpp_pass(const Model& model, ModelPart part, const std::string& start) {
  std::string layers, from = start;
  const auto [first, size] = layers_of(model, part);
  Index most[2] = {};
  for_each_dense(
      model, part,
      [&, end = first + size, first = first](Index i, const auto& weight, const auto&...) {
        const Index turn = (i - first) % 2;
        const std::string to = i + 1 == end ? "y" : turn == 0 ? "even" : "odd";
        if (to != "y") most[turn] = std::max<Index>(most[turn], weight.rows());
        layers += detail::text("  detail::layer", i, "(", from, ", ", to, ");\n");
        from = to;
      });
  std::string arrays;
  if (most[0] > 0) arrays += detail::text("  Scalar even[", most[0], "];\n");
  if (most[1] > 0) arrays += detail::text("  Scalar odd[", most[1], "];\n");
  return arrays + layers;
}

template <class Model>
std::string cpp_encode(const Model& model) {
  const bool fills = model.scaler().missing() == Missing::allowed;
  const bool scaled = fills || !model.scaler().is_identity();
  return "/// x[features] to its code y[code_size].\ninline void encode(const Scalar* x, Scalar* "
         "y) "
         "{\n" +
         std::string(scaled ? "  Scalar scaled[features];\n" : "") +
         (model.scaler().is_identity() && fills ? cpp_each_feature("scaled[i] = x[i]") : "") +
         cpp_scaling(model, "scaled[i] = (x[i] - detail::center[i]) / detail::divisor[i]") +
         (fills ? cpp_each_feature("if (std::isnan(scaled[i])) scaled[i] = 0") : "") +
         cpp_pass(model, ModelPart::encoder, scaled ? "scaled" : "x") + "}\n\n";
}

/// `output` is what is done to the outputs of the last layer, an expression of z.
template <class Model>
std::string cpp_decode(const Model& model, const std::string& output) {
  return "/// A code x[code_size] to y[features].\ninline void decode(const Scalar* x, Scalar* y) "
         "{\n" +
         cpp_pass(model, ModelPart::decoder, "x") + cpp_replace(model.features(), "y[i]", output) +
         cpp_scaling(model,
                     "y[i] = detail::multiply_add(y[i], detail::divisor[i], detail::center[i])") +
         "}\n\n";
}

inline std::string cpp_reconstruct() {
  return "/// x[features] to y[features], encoded and decoded again.\n"
         "inline void reconstruct(const Scalar* x, Scalar* y) {\n  Scalar code[code_size];\n"
         "  encode(x, code);\n  decode(code, y);\n}\n\n";
}

/// What `ae::score` and `ae::anomalies` say of a sample.
template <class Model>
std::string cpp_score(const Model& model) {
  const auto& scaler = model.scaler();
  const char* const units = scaler.is_per_feature() ? "scaled units" : "units of the data";
  std::string all = text(
      "/// How odd x[features] is: the mean of the squared differences between it and its\n"
      "/// reconstruction, over the values that are there, in squared ",
      units, ". NaN where\n/// nothing is there",
      scaler.missing() == Missing::allowed ? "" : ", or a value is NaN",
      ".\ninline double score(const Scalar* x) {\n  Scalar y[features];\n  reconstruct(x, y);\n"
      "  double sum = 0, there = 0;\n  for (std::size_t i = 0; i < features; ++i) {\n",
      scaler.missing() == Missing::allowed ? "    if (std::isnan(x[i])) continue;\n" : "",
      "    const Scalar error = ",
      scaler.is_per_feature() ? "(y[i] - x[i]) / detail::divisor[i]" : "y[i] - x[i]",
      ";\n    sum += static_cast<double>(error) * static_cast<double>(error);\n    there += 1;\n"
      "  }\n  return there > 0 ? sum / there : static_cast<double>(NAN);\n}\n\n");
  if (const auto threshold = model.threshold()) {
    all +=
        "/// The score above which a sample is an anomaly.\ninline constexpr double threshold = " +
        cpp_literal(*threshold) +
        ";\n\n/// Whether x[features] scores above it; a score that is NaN is an anomaly too.\n"
        "inline bool is_anomaly(const Scalar* x) { return !(score(x) <= threshold); }\n\n";
  }
  return all;
}

/// Throws FileError, which names the layer.
void require_finite_weights(const auto& weight, const auto& bias, Index layer,
                            const std::string& where) {
  require<FileError>(weight.allFinite() && bias.allFinite(), where,
                     ": expected finite weights, found others in layer ", layer);
}

/// The name of the namespace that was asked for, or the file's. Throws OptionError for one that is
/// none in C++.
inline std::string cpp_namespace(std::string name, const std::filesystem::path& path) {
  if (name.empty()) name = cpp_name(path_text(path.stem()));
  require<OptionError>(name == cpp_name(name), "export_header: expected a name of letters, ",
                       "digits and single underscores, a letter first, that C++ has no other use ",
                       "for, found \"", name, '"');
  return name;
}

/// A whole header. `numbers` has all that the functions of a part need; `output` is as `cpp_decode`
/// has it.
template <class Model>
std::string cpp_header(const Model& model, ModelPart part, const std::string& name,
                       const std::string& opening, const std::string& numbers,
                       const std::string& output) {
  using Scalar = typename Model::Scalar;
  std::string all =
      text(opening, "namespace ", name,
           " {\n\nusing Scalar = ", std::is_same_v<Scalar, float> ? "float" : "double",
           ";\ninline constexpr std::size_t features = ", model.features(),
           ", code_size = ", model.code_size(), ";\n\nnamespace detail {\n\n", numbers,
           "}  // namespace detail\n\n");
  if (part != ModelPart::decoder) all += cpp_encode(model);
  if (part != ModelPart::encoder) all += cpp_decode(model, output);
  if (part == ModelPart::whole) all += cpp_reconstruct() + cpp_score(model);
  return all + text("}  // namespace ", name, '\n');
}

}  // namespace ae::inline AE_ABI::detail

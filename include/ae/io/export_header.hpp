#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/file.hpp"
#include "ae/data/scaler.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/io/cpp_name.hpp"
#include "ae/detail/models/dense_layers.hpp"
#include "ae/io/cpp_activation.hpp"

/// A model as a C++17 header that needs nothing but <cmath>, for where nothing can be installed.
namespace ae::inline AE_ABI {

namespace detail {

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

/// The values as they lie in memory, column by column.
template <class Derived>
std::string cpp_array(const std::string& name, const Eigen::MatrixBase<Derived>& values) {
  std::string all = "inline constexpr Scalar " + name + "[] = {";
  std::string line;
  for (const auto value : values.reshaped()) {
    const std::string literal = cpp_literal(value) + ',';
    if (line.size() + literal.size() > 98) all += "\n  " + std::exchange(line, {});
    line += literal;
  }
  return all + "\n  " + line + "};\n";
}

/// Replaces each of so many values at y, which the expression calls z.
inline std::string cpp_replace(Index size, const std::string& value,
                               const std::string& expression) {
  if (value == "y[i]" && expression == "z") return {};
  return detail::text("  for (std::size_t i = 0; i < ", size,
                      "; ++i) {\n    const Scalar z = ", value, ";\n    y[i] = ", expression,
                      ";\n  }\n");
}

/// The function of a layer. Its loops are in an order in which a compiler can use vectors; each sum
/// is made as the model makes it.
inline std::string cpp_layer(Index i, Index inputs, Index outputs, const std::string& activation) {
  const std::string rows = detail::text("  for (std::size_t i = 0; i < ", outputs, "; ++i) ");
  return detail::text(
      "inline void layer", i, "(const Scalar* x, Scalar* y) {\n", rows,
      "y[i] = 0;\n  for (std::size_t j = 0; j < ", inputs, "; ++j) {\n  ", rows,
      "y[i] = multiply_add(weight", i, "[j * ", outputs, " + i], x[j], y[i]);\n  }\n",
      cpp_replace(outputs, detail::text("y[i] + bias", i, "[i]"), activation), "}\n\n");
}

/// a * b + c, rounded once where the processor does so in one step, as the model does there.
inline std::string cpp_multiply_add() {
  return "inline Scalar multiply_add(Scalar a, Scalar b, Scalar c) {\n"
         "#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)\n  return std::fma(a, b, c);\n"
         "#else\n  return a * b + c;\n#endif\n}\n\n";
}

inline std::string cpp_each_feature(const char* each) {
  return detail::text("  for (std::size_t i = 0; i < features; ++i) ", each, ";\n");
}

/// Scales, or the other way round, where the model does.
template <class Model>
std::string cpp_scaling(const Model& model, const char* each) {
  return model.scaler().is_identity() ? std::string() : cpp_each_feature(each);
}

/// The weights and the functions of the layers.
template <class Model>
std::string cpp_layers(const Model& model, ModelPart part, const std::string& where) {
  std::string numbers, layers;
  for_each_dense(
      model, part, [&](Index i, const auto& weight, const auto& bias, const auto& activation) {
        detail::require<FileError>(weight.allFinite() && bias.allFinite(), where,
                                   ": expected finite weights, found others in layer ", i);
        numbers += cpp_array(detail::text("weight", i), weight);
        numbers += cpp_array(detail::text("bias", i), bias);
        layers += cpp_layer(i, weight.cols(), weight.rows(), activation_to_cpp(activation));
      });
  if (const auto& scaler = model.scaler(); !scaler.is_identity()) {
    numbers += cpp_array("center", scaler.center());
    numbers += cpp_array("divisor", scaler.divisors());
  }
  return numbers + '\n' + cpp_multiply_add() + layers;
}

/// The body of a function from x to y through the layers of a part.
template <class Model>
std::string cpp_pass(const Model& model, ModelPart part, const std::string& start) {
  std::string all, from = start;
  const auto [first, size] = layers_of(model, part);
  for_each_dense(model, part, [&, end = first + size](Index i, const auto& weight, const auto&...) {
    const std::string to = i + 1 == end ? "y" : detail::text("y", i);
    if (to != "y") all += detail::text("  Scalar ", to, "[", weight.rows(), "];\n");
    all += detail::text("  detail::layer", i, "(", from, ", ", to, ");\n");
    from = to;
  });
  return all;
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

template <class Model>
std::string cpp_decode(const Model& model) {
  std::string output;
  with_output_activation(model,
                         [&](const auto& activation) { output = activation_to_cpp(activation); });
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

}  // namespace detail

/// A part of a model in a namespace of this name (by default the file's): `encode(x, code)`,
/// `decode(code, y)` and `reconstruct(x, y)` on arrays of the model's numbers, which must not
/// overlap. Of the whole also `score(x)`, as `ae::score` has it, and for a model with a threshold
/// `threshold` and `is_anomaly(x)`, which is true where the score is NaN. They allocate nothing,
/// and need room on the stack for the outputs of the layers. Sums are made in the model's order,
/// and so give its bits where the program is compiled for a processor with the same multiply-add;
/// what activations add is in docs/files.md. Throws OptionError for a name that is none in C++, and
/// FileError, also for weights that are not finite; the file is whole, or as it was before.
template <class Model>
void export_header(const Model& model, const std::filesystem::path& path,
                   ModelPart part = ModelPart::whole, std::string name = {}) {
  using Scalar = typename Model::Scalar;
  if (name.empty()) name = detail::cpp_name(detail::path_text(path.stem()));
  detail::require<OptionError>(
      name == detail::cpp_name(name), "export_header: expected a name of letters, ",
      "digits and single underscores, a letter first, that C++ has no other use for, found \"",
      name, '"');
  std::string all = detail::text(
      "// An autoencoder, trained and written by ae. What its functions take and give must not\n"
      "// overlap; they allocate nothing.\n#pragma once\n\n#include <cmath>\n#include "
      "<cstddef>\n\n",
      "namespace ", name,
      " {\n\nusing Scalar = ", std::is_same_v<Scalar, float> ? "float" : "double",
      ";\ninline constexpr std::size_t features = ", model.features(),
      ", code_size = ", model.code_size(), ";\n\nnamespace detail {\n\n",
      detail::cpp_layers(model, part, detail::path_text(path)), "}  // namespace detail\n\n");
  if (part != ModelPart::decoder) all += detail::cpp_encode(model);
  if (part != ModelPart::encoder) all += detail::cpp_decode(model);
  if (part == ModelPart::whole) all += detail::cpp_reconstruct() + detail::cpp_score(model);
  write_file(all + detail::text("}  // namespace ", name, '\n'), path);
}

}  // namespace ae::inline AE_ABI

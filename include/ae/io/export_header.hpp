#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/io/cpp_functions.hpp"

/// A model as a C++17 header that needs nothing but `<cmath>`, for where nothing can be installed.
namespace ae::inline AE_ABI {

namespace detail {

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

/// The weights and the functions of the layers.
template <class Model>
std::string cpp_layers(const Model& model, ModelPart part, const std::string& where) {
  std::string numbers, layers;
  for_each_dense(
      model, part, [&](Index i, const auto& weight, const auto& bias, const auto& activation) {
        require_finite_weights(weight, bias, i, where);
        numbers += cpp_array(detail::text("weight", i), weight);
        numbers += cpp_array(detail::text("bias", i), bias);
        layers += cpp_layer(i, weight.cols(), weight.rows(), activation_to_cpp(activation));
      });
  return numbers + cpp_scaler(model) + '\n' + cpp_multiply_add() + layers;
}

}  // namespace detail

/// A part of a model in a namespace of this name (by default the file's): `encode(x, code)`,
/// `decode(code, y)` and `reconstruct(x, y)` on arrays of the model's numbers, which must not
/// overlap. Of the whole also `score(x)`, as `ae::score` has it, and for a model with a threshold
/// `threshold` and `is_anomaly(x)`, which is true where the score is NaN. They allocate nothing,
/// and need room on the stack for the outputs of the layers. Sums are made in the model's order,
/// and so give its bits where the program is compiled for a processor with the same multiply-add;
/// what activations add is in docs/files.md. Throws OptionError for a name that is none in C++, and
/// FileError, also for weights that are not finite; the file is whole, or as it was before. Weights
/// of 8 bits: `ae/io/export_int8_header.hpp`.
/// ~~~{.cpp}
/// ae::export_header(model, "pump.hpp");  // pump::reconstruct(x, y), pump::score(x)
/// ~~~
template <class Model>
void export_header(const Model& model, const std::filesystem::path& path,
                   ModelPart part = ModelPart::whole, std::string name = {}) {
  name = detail::cpp_namespace(std::move(name), path);
  const std::string numbers = detail::cpp_layers(model, part, detail::path_text(path));
  std::string output;
  detail::with_output_activation(
      model, [&](const auto& activation) { output = detail::activation_to_cpp(activation); });
  write_file(detail::cpp_header(model, part, name,
                                "// An autoencoder, trained and written by ae. What its functions "
                                "take and give must not\n// overlap; they allocate nothing.\n"
                                "#pragma once\n\n#include <cmath>\n#include <cstddef>\n\n",
                                numbers, output),
             path);
}

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <limits>

#include "ae/core/file.hpp"
#include "ae/data/scaler.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/models/dense_layers.hpp"
#include "ae/io/onnx_activation.hpp"

/// Models as ONNX files (onnx.ai), for ONNX Runtime and whatever else reads them.
namespace ae::inline AE_ABI {

namespace detail {

template <class A>
std::string activation_to_onnx(onnx::Graph& graph, const A& activation, const std::string& z) {
  constexpr bool known = requires {
    to_onnx(graph, activation, z);
  };
  static_assert(known,
                "an activation that ONNX does not know: beside it, write a function std::string "
                "to_onnx(ae::onnx::Graph& graph, const Yours&, const std::string& z) that adds the "
                "nodes of y = activation(z) and returns the name of y");
  if constexpr (known) return to_onnx(graph, activation, z);
}

/// Adds what `ae::score` and `ae::anomalies` say of each sample. A NaN is at most no threshold.
template <class Model>
void add_score(onnx::Graph& graph, const Model& model, const std::string& y) {
  const auto& scaler = model.scaler();
  std::string error = graph.node("Sub", {y, "input"}), score;
  if (scaler.is_per_feature()) error = graph.node("Div", {error, "scale"});
  const std::string square = graph.node("Mul", {error, error});
  if (scaler.missing() == Missing::allowed) {
    const std::string missing = graph.node("IsNaN", {"input"});
    const std::string none = graph.number(0), one = graph.number(1);
    score = graph.node("Div", {graph.mean(graph.node("Where", {missing, none, square})),
                               graph.mean(graph.node("Where", {missing, none, one}))});
  } else {
    score = graph.mean(square);
  }
  graph.output_of_samples("score", score);
  if (const auto threshold = model.threshold()) {
    constexpr double most = std::numeric_limits<float>::max();
    const std::string at_most = graph.number(std::clamp(*threshold, -most, most));
    const std::string normal = graph.node("LessOrEqual", {score, at_most});
    graph.output_of_truths("anomaly", graph.node("Not", {normal}));
  }
}

}  // namespace detail

/// A part of a model, as 32-bit numbers: from "input" (batch x features) to "reconstruction"
/// (batch x features) or "code" (batch x code size), or from "code" to "reconstruction"; a sample
/// is a row there. The whole gives the "score" of each sample too (batch), as `ae::score` has it,
/// and for a model with a threshold whether it is an "anomaly" (batch, bool): its score is above
/// the threshold, or NaN. Operators of version 13, so ONNX Runtime from 1.6 on reads it. Throws
/// FileError; the file is whole, or as it was before.
/// ~~~{.cpp}
/// ae::export_onnx(model, "model.onnx");
/// ae::export_onnx(model, "encoder.onnx", ae::ModelPart::encoder);
/// ~~~
template <class Model>
void export_onnx(const Model& model, const std::filesystem::path& path,
                 ModelPart part = ModelPart::whole) {
  onnx::Graph graph;
  const bool encodes = part != ModelPart::decoder, decodes = part != ModelPart::encoder;
  const auto& scaler = model.scaler();
  const bool scaled = !scaler.is_identity();
  std::string x = encodes ? "input" : "code", mean, scale;
  graph.input(x, encodes ? model.features() : model.code_size());
  if (scaled) {
    mean = graph.constant("mean", scaler.center());
    scale = graph.constant("scale", scaler.divisors());
  }
  if (encodes && scaled) x = graph.node("Div", {graph.node("Sub", {x, mean}), scale});
  if (encodes && scaler.missing() == Missing::allowed) {
    x = graph.node("Where", {graph.node("IsNaN", {x}), graph.number(0), x});
  }
  detail::for_each_dense(
      model, part, [&](Index i, const auto& weight, const auto& bias, const auto& activation) {
        const auto name = detail::text("layer_", i);
        x = graph.node("Gemm", {x, graph.constant(name + "_weight", weight.transpose()),
                                graph.constant(name + "_bias", bias)});
        x = detail::activation_to_onnx(graph, activation, x);
      });
  if (decodes) {
    detail::with_output_activation(model, [&](const auto& activation) {
      x = detail::activation_to_onnx(graph, activation, x);
    });
  }
  if (decodes && scaled) x = graph.node("Add", {graph.node("Mul", {x, scale}), mean});
  graph.output(decodes ? "reconstruction" : "code", x,
               decodes ? model.features() : model.code_size());
  if (part == ModelPart::whole) detail::add_score(graph, model, x);

  const std::string bytes = graph.file("autoencoder");
  constexpr std::size_t limit = 0x7fffffff;  // of protocol buffers
  detail::require<FileError>(bytes.size() <= limit, detail::path_text(path), ": expected at most ",
                             limit, " bytes of ONNX, found ", bytes.size());
  write_file(bytes, path);
}

}  // namespace ae::inline AE_ABI

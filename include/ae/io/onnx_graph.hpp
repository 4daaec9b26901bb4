#pragma once

#include "ae/detail/core/abi.hpp"

#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "ae/detail/io/protobuf.hpp"
#include "ae/io/tensor.hpp"

/// What an ONNX file consists of: values with names, and nodes that make new ones of them. The
/// numbers of the fields are those of onnx.proto (github.com/onnx/onnx); what the operators do is
/// in its docs/Operators.md.
namespace ae::inline AE_ABI::onnx {

/// Built from the input to the output. Samples are rows (batch x features), any number of them.
/// ~~~{.cpp}
/// ae::onnx::Graph graph;
/// graph.input("input", 20);
/// graph.output("output", graph.node("Relu", {"input"}), 20);
/// ae::write_file(graph.file("relu"), "relu.onnx");
/// ~~~
class Graph {
 public:
  using Attributes = std::initializer_list<std::pair<const char*, double>>;

  void input(const std::string& name, Index features) {
    graph_.message(11, described(name, float_type, features));
  }

  /// Adds a node and returns the name of its output.
  std::string node(const std::string& op, std::initializer_list<std::string> inputs,
                   Attributes attributes = {}) {
    std::string output = detail::text(op, '_', count_++);
    std::vector<detail::Message> all;
    for (const auto& [name, value] : attributes) {
      detail::Message attribute;
      attribute.text(1, name).real(2, static_cast<float>(value)).number(20, float_type);
      all.push_back(attribute);
    }
    add_node(op, inputs, output, all);
    return output;
  }

  /// A constant, whose values are converted to float: a matrix, or a vector by its type.
  template <class Derived>
  std::string constant(const std::string& name, const Eigen::MatrixBase<Derived>& value) {
    const Tensor tensor = to_tensor(value.template cast<float>());
    return add_constant(name, tensor.shape, tensor.bytes);
  }

  /// A constant number.
  std::string number(double value) {
    return add_constant(detail::text("number_", count_++), {},
                        to_tensor(Vector<float>::Constant(1, static_cast<float>(value))).bytes);
  }

  /// Adds the mean over the features of each sample (batch).
  std::string mean(const std::string& x) {
    detail::Message axes, keep;
    axes.text(1, "axes").number(8, 1).number(20, 7);      // AttributeType.INTS
    keep.text(1, "keepdims").number(3, 0).number(20, 2);  // AttributeType.INT
    std::string output = detail::text("ReduceMean_", count_++);
    add_node("ReduceMean", {x}, output, {axes, keep});
    return output;
  }

  /// Declares a value as an output of the graph, under another name.
  void output(const std::string& name, const std::string& value, Index features) {
    add_node("Identity", {value}, name, {});
    graph_.message(12, described(name, float_type, features));
  }

  /// The same of a number for each sample (batch), and of what is true or false of each.
  void output_of_samples(const std::string& name, const std::string& value) {
    add_node("Identity", {value}, name, {});
    graph_.message(12, described(name, float_type, {}));
  }
  void output_of_truths(const std::string& name, const std::string& value) {
    add_node("Identity", {value}, name, {});
    graph_.message(12, described(name, bool_type, {}));
  }

  /// The whole file (ModelProto), of version 7 of the format and 13 of the operators.
  std::string file(const std::string& name) const {
    detail::Message graph = graph_, operators, model;
    graph.text(2, name);
    operators.text(1, "").number(2, 13);
    model.number(1, 7).text(2, "ae").message(7, graph).message(8, operators);
    return model.bytes();
  }

 private:
  static constexpr std::uint64_t float_type = 1;  // TensorProto.DataType.FLOAT, AttributeType.FLOAT
  static constexpr std::uint64_t bool_type = 9;   // TensorProto.DataType.BOOL

  void add_node(const std::string& op, std::initializer_list<std::string> inputs,
                const std::string& output, const std::vector<detail::Message>& attributes) {
    detail::Message node;
    for (const std::string& input : inputs) node.text(1, input);
    node.text(2, output).text(3, output).text(4, op);
    for (const detail::Message& attribute : attributes) node.message(5, attribute);
    graph_.message(1, node);
  }

  std::string add_constant(const std::string& name, const std::vector<std::uint64_t>& shape,
                           const std::string& bytes) {
    detail::Message tensor;
    for (const std::uint64_t size : shape) tensor.number(1, size);
    tensor.number(2, float_type).text(8, name).text(9, bytes);
    graph_.message(5, tensor);
    return name;
  }

  /// ValueInfoProto: (batch x features), or (batch).
  static detail::Message described(const std::string& name, std::uint64_t of,
                                   std::optional<Index> features) {
    detail::Message batch, width, shape, tensor, type, value;
    batch.text(2, "batch");
    shape.message(1, batch);
    if (features) shape.message(1, width.number(1, static_cast<std::uint64_t>(*features)));
    tensor.number(1, of).message(2, shape);
    type.message(1, tensor);
    return value.text(1, name).message(2, type);
  }

  detail::Message graph_;
  int count_ = 0;
};

}  // namespace ae::inline AE_ABI::onnx

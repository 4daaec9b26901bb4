#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <set>

#include "ae/detail/io/batch_norms.hpp"

namespace ae::inline AE_ABI::detail {

/// How libraries end the names of a layer's weight and bias: PyTorch's, whose weights are (outputs
/// x inputs); those of Keras's variables and of its files, whose kernels are (inputs x outputs).
struct ParameterNames {
  std::string_view weight, bias;
  bool transposed;
};

inline constexpr ParameterNames parameter_names[] = {
    {".weight", ".bias", false}, {"/kernel:0", "/bias:0", true}, {"/kernel", "/bias", true},
    {".kernel", ".bias", true},  {"/vars/0", "/vars/1", true},   {".vars.0", ".vars.1", true}};

/// The dense layers of a file, before they are put in order.
class DenseLayers {
 public:
  using Layer = DenseLayer;

  DenseLayers(const SafeTensors& file, const std::string& where, const NormRules& rules = {})
      : file_(file), where_(where), norms_(file, where, rules) {
    for (const auto& [name, tensor] : file.tensors) {
      if (tensor.shape.size() == 2) find_layer(name);
    }
    for (const auto& [name, tensor] : file.tensors) {
      for (const std::string& of_norm : norms_.find(name, layers)) used_.insert(of_norm);
    }
  }

  std::vector<Layer> layers;

  /// Throws FileError for a tensor that belongs to no dense layer.
  void require_nothing_else() const {
    std::vector<std::string> others;
    for (const auto& [name, tensor] : file_.tensors) {
      if (!used_.contains(name) && !is_of_training(name)) others.push_back(name);
    }
    if (!others.empty()) refuse_others(others);
  }

  /// Throws FileError for vectors beside these layers that are none of theirs, as normalisations
  /// have them: in the module that holds them all, however deep. Matrices may be of other parts.
  void require_no_vectors_beside(const std::vector<Layer>& chosen) const {
    std::set<std::string> used = used_;
    std::string module = parent_of(chosen.front().name);
    for (const Layer& layer : chosen) {
      used.insert(layer.bias);
      for (const auto& norm : {layer.behind, layer.in_front}) {
        if (!norm) continue;
        for (const std::string& name : norm->all()) used.insert(name);
      }
      while (!lies_in(layer.name, module)) module = parent_of(module);
    }
    std::vector<std::string> others;
    for (const auto& [name, tensor] : file_.tensors) {
      const bool vector = tensor.shape.size() == 1;
      if (vector && !used.contains(name) && !is_of_training(name) && lies_in(name, module)) {
        others.push_back(name);
      }
    }
    if (!others.empty()) refuse_others(others);
  }

  /// Those of these names, in this order: of layers, or of tensors, a bias behind its weight; and
  /// batch normalisations, which are folded.
  std::vector<Layer> named(const std::vector<std::string>& names) const {
    std::vector<Layer> all;
    std::optional<BatchNormTensors> next;  // to be folded into the layer that comes next
    for (const std::string& name : names) {
      const auto found = std::find_if(layers.begin(), layers.end(), [&](const Layer& layer) {
        return layer.name == name || layer.weight == name;
      });
      const auto tensor = file_.tensors.find(name);
      if (found != layers.end()) {
        norms_.begin_layer(all.emplace_back(*found), next);
      } else if (norms_.has(name)) {
        norms_.place(name, all, next);
      } else if (tensor != file_.tensors.end() && tensor->second.shape.size() == 2) {
        norms_.begin_layer(all.emplace_back(Layer{name, name, "", false}), next);
      } else if (tensor != file_.tensors.end() && tensor->second.shape.size() == 1 &&
                 !all.empty() && (all.back().bias.empty() || all.back().bias == name)) {
        all.back().bias = name;
      } else {
        refuse(text("a dense layer or a weight of the name \"", shown(name), "\", found none"));
      }
    }
    norms_.require_folded(names, all, next);
    if (!all.empty()) require_no_vectors_beside(all);
    return all;
  }

  /// Outputs and inputs.
  std::pair<std::uint64_t, std::uint64_t> shape(const Layer& layer) const {
    const auto& found = file_.tensors.find(layer.weight)->second.shape;
    auto all = layer.transposed ? std::pair(found[1], found[0]) : std::pair(found[0], found[1]);
    for (const Layer& next : layer.below) all.first += shape(next).first;
    return all;
  }

  DenseWeights read(const Layer& layer) const {
    return DenseLayerReader(file_, where_).read(layer);
  }

  /// What was expected, and all that was found.
  [[noreturn]] void refuse(const std::string& expected) const {
    refuse_file(file_, where_, expected);
  }

 private:
  /// What Keras keeps beside a model's weights.
  static bool is_of_training(const std::string& name) {
    return name.starts_with("optimizer") || name.find("seed_generator") != name.npos;
  }

  void find_layer(const std::string& name) {
    if (is_of_training(name)) return;
    for (const auto& [weight, bias, transposed] : parameter_names) {
      if (!name.ends_with(weight) || name.size() == weight.size()) continue;
      Layer layer{name.substr(0, name.size() - weight.size()), name, "", transposed};
      used_.insert(name);
      const std::string of_bias = layer.name + std::string(bias);
      if (file_.tensors.contains(of_bias)) used_.insert(layer.bias = of_bias);
      layers.push_back(std::move(layer));
      return;
    }
  }

  static bool lies_in(const std::string& name, const std::string& module) {
    return module.empty() || (name.starts_with(module) && name.size() > module.size() &&
                              (name[module.size()] == '.' || name[module.size()] == '/'));
  }

  [[noreturn]] void refuse_others(const std::vector<std::string>& others) const {
    constexpr std::size_t most = 10;
    std::string all;
    bool normalization = false;
    for (std::size_t i = 0; i < others.size(); ++i) {
      const bool vector = file_.tensors.find(others[i])->second.shape.size() == 1;
      normalization |= is_of_normalization(others[i], vector);
      if (i < most) all += text(i == 0 ? "" : ", ", '"', shown(others[i]), '"');
    }
    if (others.size() > most) all += text(" and ", others.size() - most, " more");
    const char* const why =
        normalization
            ? ", as normalisations have them: without these the model would give other numbers. "
              "BatchNorm1d beside a layer of nn.Sequential is folded into it, and batch "
              "normalisations that `names` list between layers; fold others before saving, as "
              "torch.nn.utils.fusion.fuse_linear_bn_eval does. ae has no LayerNorm. Leave out of "
              "the file what the model does not use"
            : "; leave out of the file what the model does not use";
    refuse(text("weights and biases of dense layers alone, found ", all, why));
  }

  const SafeTensors& file_;
  const std::string& where_;
  BatchNorms norms_;
  std::set<std::string> used_;
};

}  // namespace ae::inline AE_ABI::detail

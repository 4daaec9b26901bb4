#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <set>

#include "ae/detail/core/require.hpp"
#include "ae/detail/io/layer_name.hpp"
#include "ae/io/safetensors.hpp"

namespace ae::inline AE_ABI::detail {

/// A layer's parameters as ae has them, whatever their type and layout in the file.
struct DenseWeights {
  std::string name;
  Matrix<double> weight;  ///< outputs x inputs
  Vector<double> bias;    ///< outputs
  LayerName::Half half;   ///< as far as the name tells
};

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
  struct Layer {
    std::string name, weight, bias, norm;  // names of tensors; norm: the prefix of its tensors
    bool transposed = false;
  };

  DenseLayers(const SafeTensors& file, const std::string& where) : file_(file), where_(where) {
    for (const auto& [name, tensor] : file.tensors) {
      if (tensor.shape.size() == 2) find_layer(name);
    }
    for (const auto& [name, tensor] : file.tensors) find_norm(name);
  }

  std::vector<Layer> layers;

  /// Throws FileError for a tensor that belongs to no dense layer.
  void require_nothing_else() const {
    for (const auto& [name, tensor] : file_.tensors) {
      if (used_.contains(name) || is_of_training(name)) continue;
      if (norms_.contains(prefix(name))) refuse_norm(prefix(name));
      refuse(text("weights and biases of dense layers alone, found \"", shown(name), '"'));
    }
  }

  /// Those of these names, in this order: of layers, or of tensors, a bias behind its weight.
  std::vector<Layer> named(const std::vector<std::string>& names) const {
    std::vector<Layer> all;
    for (const std::string& name : names) {
      const auto found = std::find_if(layers.begin(), layers.end(), [&](const Layer& layer) {
        return layer.name == name || layer.weight == name;
      });
      const auto tensor = file_.tensors.find(name);
      if (found != layers.end()) {
        all.push_back(*found);
      } else if (tensor != file_.tensors.end() && tensor->second.shape.size() == 2) {
        all.push_back({name, name, "", "", false});
      } else if (tensor != file_.tensors.end() && tensor->second.shape.size() == 1 &&
                 !all.empty() && (all.back().bias.empty() || all.back().bias == name)) {
        all.back().bias = name;
      } else {
        refuse(text("a dense layer or a weight of the name \"", shown(name), "\", found none"));
      }
    }
    for (const std::string& norm : norms_) {
      const bool beside = std::any_of(all.begin(), all.end(), [&](const Layer& layer) {
        return prefix(layer.name) == prefix(norm);
      });
      if (beside) refuse_norm(norm);
    }
    return all;
  }

  /// Outputs and inputs.
  std::pair<std::uint64_t, std::uint64_t> shape(const Layer& layer) const {
    const auto& found = file_.tensors.find(layer.weight)->second.shape;
    return layer.transposed ? std::pair(found[1], found[0]) : std::pair(found[0], found[1]);
  }

  /// The numbers of a layer, its batch normalisation folded into them. Throws FileError for types
  /// or sizes that do not fit, and for numbers that are not finite.
  DenseWeights read(const Layer& layer) const {
    DenseWeights all{layer.name, matrix(layer.weight), {}, LayerName(layer.name).half};
    if (layer.transposed) all.weight = Matrix<double>(all.weight.transpose());
    all.bias = vector(layer.bias, all.weight.rows(), 0);
    if (layer.norm.empty()) return all;
    constexpr double epsilon = 1e-5;  // PyTorch's, which its files do not tell
    const Index rows = all.weight.rows();
    const Vector<double> scale =
        vector(layer.norm + ".weight", rows, 1).array() /
        (vector(layer.norm + ".running_var", rows, 1).array() + epsilon).sqrt();
    all.weight = scale.asDiagonal() * all.weight;
    all.bias = scale.cwiseProduct(all.bias - vector(layer.norm + ".running_mean", rows, 0)) +
               vector(layer.norm + ".bias", rows, 0);
    return all;
  }

  /// What was expected, and all that was found.
  [[noreturn]] void refuse(const std::string& expected) const {
    std::string all;
    std::size_t count = 0;
    for (const auto& [name, tensor] : file_.tensors) {
      if (++count > 40) break;
      all += text(all.empty() ? "" : ", ", '"', shown(name), "\" ", shown(tensor.dtype, 12), ' ',
                  shape_text(tensor.shape));
    }
    throw FileError(text(where_, ": expected ", expected, "; the file holds ",
                         all.empty() ? "no tensors" : all, count > 40 ? ", ..." : ""));
  }

 private:
  static std::string prefix(const std::string& name) {
    const std::size_t end = name.find_last_of("./");
    return name.substr(0, end == name.npos ? 0 : end);
  }

  /// What Keras keeps beside a model's weights.
  static bool is_of_training(const std::string& name) {
    return name.starts_with("optimizer") || name.find("seed_generator") != name.npos;
  }

  void find_layer(const std::string& name) {
    if (is_of_training(name)) return;
    for (const auto& [weight, bias, transposed] : parameter_names) {
      if (!name.ends_with(weight) || name.size() == weight.size()) continue;
      Layer layer{name.substr(0, name.size() - weight.size()), name, "", "", transposed};
      used_.insert(name);
      const std::string of_bias = layer.name + std::string(bias);
      if (file_.tensors.contains(of_bias)) used_.insert(layer.bias = of_bias);
      layers.push_back(std::move(layer));
      return;
    }
  }

  /// A batch normalisation can be folded where it is the module behind a layer, which the numbers
  /// of nn.Sequential tell: an activation between them would be a module too.
  void find_norm(const std::string& name) {
    constexpr std::string_view ending = ".running_mean";
    if (!name.ends_with(ending)) return;
    const std::string norm = name.substr(0, name.size() - ending.size());
    const std::string parent = prefix(norm);
    const int number = LayerName(norm).numbers.back();
    const std::string before = text(parent, parent.empty() ? "" : ".", number - 1);
    const auto layer = std::find_if(layers.begin(), layers.end(),
                                    [&](const Layer& found) { return found.name == before; });
    const bool numbered = norm == text(parent, parent.empty() ? "" : ".", number);
    if (!numbered || layer == layers.end()) {
      norms_.insert(norm);
      return;
    }
    layer->norm = norm;
    for (const char* end :
         {".weight", ".bias", ".running_mean", ".running_var", ".num_batches_tracked"}) {
      used_.insert(norm + end);
    }
  }

  [[noreturn]] void refuse_norm(const std::string& norm) const {
    refuse(text("batch normalisation only as the module behind a layer in nn.Sequential, found \"",
                shown(norm),
                "\", whose place the file does not tell: fold it into its layer "
                "before saving, as torch.nn.utils.fusion.fuse_linear_bn_eval does"));
  }

  Matrix<double> matrix(const std::string& name) const {
    const std::string place = tensor_place(where_, name);
    Matrix<double> values = to_matrix<double>(file_.tensors.find(name)->second, place);
    require<FileError>(values.size() > 0, place, ": expected numbers, found none");
    require<FileError>(values.allFinite(), place, ": expected finite numbers, found others");
    return values;
  }

  Vector<double> vector(const std::string& name, Index size, double otherwise) const {
    if (!file_.tensors.contains(name)) return Vector<double>::Constant(size, otherwise);
    const Matrix<double> values = matrix(name);
    require<FileError>(values.rows() == size && values.cols() == 1, tensor_place(where_, name),
                       ": expected ", size, " numbers, found ",
                       ae::detail::shape(values.rows(), values.cols()));
    return values.col(0);
  }

  const SafeTensors& file_;
  const std::string& where_;
  std::set<std::string> used_, norms_;
};

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <utility>

#include "ae/detail/io/dense_layer.hpp"

namespace ae::inline AE_ABI::detail {

/// Throws FileError: what was expected, and all that was found.
[[noreturn]] inline void refuse_file(const SafeTensors& file, const std::string& where,
                                     const std::string& expected) {
  std::string all;
  std::size_t count = 0;
  for (const auto& [name, tensor] : file.tensors) {
    if (++count > 40) break;
    all += text(all.empty() ? "" : ", ", '"', shown(name), "\" ", shown(tensor.dtype, 12), ' ',
                shape_text(tensor.shape));
  }
  throw FileError(text(where, ": expected ", expected, "; the file holds ",
                       all.empty() ? "no tensors" : all, count > 40 ? ", ..." : ""));
}

/// The batch normalisations of a file, and the layers into which they are to be folded.
class BatchNorms {
  using Layers = std::vector<DenseLayer>;
  using Next = std::optional<BatchNormTensors>;  // to be folded into the layer that comes next

 public:
  BatchNorms(const SafeTensors& file, const std::string& where, const NormRules& rules)
      : file_(file), where_(where), rules_(rules) {}

  bool has(const std::string& name) const { return at(name) != all_.end(); }

  /// Takes note of the one whose means a tensor has. Its number in nn.Sequential may tell where it
  /// is folded: it is the module behind a layer, since an activation between them would be a module
  /// too, or in front of one. Returns the names of its tensors then.
  std::vector<std::string> find(const std::string& tensor, Layers& layers) {
    auto norm = batch_norm_of(file_, tensor);
    if (!norm) return {};
    if (rules_.epsilon > 0) norm->epsilon = rules_.epsilon;
    const std::string parent = parent_of(norm->name);
    const int number = LayerName(norm->name).numbers.back();
    const auto module = [&](int i) { return text(parent, parent.empty() ? "" : ".", i); };
    const auto layer = [&](int i) {
      return std::find_if(layers.begin(), layers.end(),
                          [&](const DenseLayer& found) { return found.name == module(i); });
    };
    const auto before = layer(number - 1), after = layer(number + 1);
    const bool numbered = norm->name == module(number);
    const bool told = numbered && (before != layers.end() || after != layers.end());
    all_.push_back({*norm, told});
    if (!told) return {};
    (before != layers.end() ? before->behind : after->in_front) = norm;
    return norm->all();
  }

  /// One that a list of names has behind the last of `layers` goes into that, or into what comes
  /// next, unless its number tells. Throws FileError.
  void place(const std::string& name, Layers& layers, Next& next) const {
    auto [norm, told] = *at(name);
    if (told) return;
    const bool first = layers.empty(), before = !first && rules_.before_activation;
    if (next || (before && layers.back().behind)) refuse_second(norm);
    if (!first && !rules_.before_activation && !rules_.after_activation) {
      refuse(text("BatchNormPlace::before_activation or after_activation, to know what \"",
                  shown(norm.name), "\" stands behind, found neither"));
    }
    if (before) {
      layers.back().behind = std::move(norm);
    } else {
      if (!first) norm.follows = layers.back().name;
      next = std::move(norm);
    }
  }

  /// The layer that comes next. Throws FileError where there is another one in front of it.
  void begin_layer(DenseLayer& layer, Next& next) const {
    if (!next) return;
    if (layer.in_front) refuse_second(*next);
    layer.in_front = std::exchange(next, std::nullopt);
  }

  /// Throws FileError for one of these names that is in none of these layers.
  void require_folded(const std::vector<std::string>& names, const Layers& layers,
                      const Next& next) const {
    if (next) {
      refuse(text("a dense layer behind \"", shown(next->name),
                  "\" to fold it into, found none; where no activation is between it and its "
                  "layer, say BatchNormPlace::before_activation"));
    }
    for (const std::string& name : names) {
      const auto is_it = [&](const auto& other) { return other && other->name == name; };
      const bool folded = std::any_of(layers.begin(), layers.end(), [&](const DenseLayer& layer) {
        return is_it(layer.behind) || is_it(layer.in_front);
      });
      if (!has(name) || folded) continue;
      refuse(text("the name of the layer beside \"", shown(name), "\" too, found none"));
    }
  }

 private:
  struct Norm {
    BatchNormTensors tensors;
    bool told;  ///< by its number
  };

  std::vector<Norm>::const_iterator at(const std::string& name) const {
    return std::find_if(all_.begin(), all_.end(),
                        [&](const Norm& norm) { return norm.tensors.name == name; });
  }

  [[noreturn]] void refuse(const std::string& expected) const {
    refuse_file(file_, where_, expected);
  }
  [[noreturn]] void refuse_second(const BatchNormTensors& norm) const {
    refuse(text("one batch normalisation between two layers, found \"", shown(norm.name),
                "\" as another one"));
  }

  const SafeTensors& file_;
  const std::string& where_;
  NormRules rules_;
  std::vector<Norm> all_;
};

}  // namespace ae::inline AE_ABI::detail

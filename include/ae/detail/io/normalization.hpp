#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ae/io/safetensors.hpp"

/// Tensors of normalisations, by the names that PyTorch and Keras give them.
namespace ae::inline AE_ABI::detail {

/// What a tensor is called without the names of the modules that it lies in.
inline std::string_view own_name(std::string_view name) {
  const std::size_t end = name.find_last_of("./");
  return end == name.npos ? name : name.substr(end + 1);
}

/// The names of the modules that a tensor lies in, or a layer.
inline std::string parent_of(std::string_view name) {
  const std::size_t end = name.find_last_of("./");
  return std::string(name.substr(0, end == name.npos ? 0 : end));
}

/// True for those of BatchNorm and LayerNorm; `vector`: it has one dimension, as the weight of no
/// dense layer has.
inline bool is_of_normalization(std::string_view name, bool vector) {
  std::string_view own = own_name(name);
  if (own.ends_with(":0")) own.remove_suffix(2);
  for (const std::string_view known :
       {"gamma", "beta", "moving_mean", "moving_variance", "running_mean", "running_var"}) {
    if (own == known) return true;
  }
  std::string lower(parent_of(name));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return vector && (own == "weight" || lower.find("norm") != lower.npos);
}

/// What a caller says of batch normalisations that stand in a list of names.
struct NormRules {
  bool before_activation = false, after_activation = false;  ///< of the layer named before it
  double epsilon = 0;                                        ///< 0: their library's
};

/// A batch normalisation in a file, by the names of its tensors.
struct BatchNormTensors {
  std::string name, gamma, beta, mean, variance;
  double epsilon;            ///< which files do not tell, by default that of their library
  std::string follows = {};  ///< the layer behind whose activation it stands, as a caller says

  /// All that belongs to it.
  std::vector<std::string> all() const {
    return {gamma, beta, mean, variance, name + ".num_batches_tracked"};
  }
};

/// How PyTorch ends these names, and Keras those of its variables and in its files.
struct BatchNormNames {
  std::string_view gamma, beta, mean, variance;
  double epsilon;
};

inline constexpr BatchNormNames batch_norm_names[] = {
    {".weight", ".bias", ".running_mean", ".running_var", 1e-5},
    {"/gamma", "/beta", "/moving_mean", "/moving_variance", 1e-3},
    {"/gamma:0", "/beta:0", "/moving_mean:0", "/moving_variance:0", 1e-3},
    {".gamma", ".beta", ".moving_mean", ".moving_variance", 1e-3},
    {"/vars/0", "/vars/1", "/vars/2", "/vars/3", 1e-3},
    {".vars.0", ".vars.1", ".vars.2", ".vars.3", 1e-3}};

/// The one whose running means a tensor has, if there are variances beside it.
inline std::optional<BatchNormTensors> batch_norm_of(const SafeTensors& file,
                                                     const std::string& tensor) {
  const auto is_vector = [&](const std::string& name) {
    const auto found = file.tensors.find(name);
    return found != file.tensors.end() && found->second.shape.size() == 1;
  };
  for (const auto& [gamma, beta, mean, variance, epsilon] : batch_norm_names) {
    if (!tensor.ends_with(mean) || tensor.size() == mean.size()) continue;
    const std::string name = tensor.substr(0, tensor.size() - mean.size());
    const auto with = [&](std::string_view ending) { return name + std::string(ending); };
    if (!is_vector(tensor) || !is_vector(with(variance))) continue;
    return BatchNormTensors{name, with(gamma), with(beta), tensor, with(variance), epsilon};
  }
  return {};
}

}  // namespace ae::inline AE_ABI::detail

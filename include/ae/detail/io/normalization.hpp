#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <string>
#include <string_view>

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

}  // namespace ae::inline AE_ABI::detail

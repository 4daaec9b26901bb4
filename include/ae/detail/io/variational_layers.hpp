#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "ae/detail/io/dense_layers.hpp"

/// The encoder of a variational model gives means and log variances: in ae by one layer, the means
/// first, in PyTorch and Keras as a rule by two.
namespace ae::inline AE_ABI::detail {

/// Which layer of a model of these shapes gives both; none of another model.
inline std::optional<std::size_t> code_layer_of(const std::vector<Shape>& shapes) {
  for (std::size_t i = 0; i + 1 < shapes.size(); ++i) {
    if (shapes[i].rows == 2 * shapes[i + 1].cols) return i;
  }
  return {};
}

/// Two layers of a file, by their numbers there.
struct VariationalPair {
  std::size_t means, log_variances;
  bool numbered;  ///< fc21 and fc22, in place of a layer fc2
};

/// The pair in a file, if its names tell one: fc_mu and fc_logvar, z_mean and z_log_var, fc21 and
/// fc22.
inline std::optional<VariationalPair> variational_pair(
    const std::vector<DenseLayers::Layer>& layers) {
  struct Endings {
    std::string_view means, log_variances;
  };
  constexpr std::array endings{Endings{"mu", "logvar"},
                               Endings{"mu", "log_var"},
                               Endings{"mean", "logvar"},
                               Endings{"mean", "log_var"},
                               Endings{"mu", "logvariance"},
                               Endings{"mu", "log_variance"},
                               Endings{"mean", "logvariance"},
                               Endings{"mean", "log_variance"},
                               Endings{"mu", "var"},
                               Endings{"mean", "var"},
                               Endings{"21", "22"}};
  const auto lower = [](std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
  };
  for (const Endings& each : endings) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const std::string name = lower(layers[i].name);
      if (!name.ends_with(each.log_variances)) continue;
      const std::string partner =
          name.substr(0, name.size() - each.log_variances.size()) + std::string(each.means);
      const auto found = std::find_if(layers.begin(), layers.end(), [&](const auto& layer) {
        return lower(layer.name) == partner;
      });
      if (found == layers.end()) continue;
      return VariationalPair{static_cast<std::size_t>(found - layers.begin()), i,
                             each.means == "21"};
    }
  }
  return {};
}

/// Puts the pair into one layer.
inline void join(std::vector<DenseLayers::Layer>& layers, const VariationalPair& pair) {
  DenseLayers::Layer& means = layers[pair.means];
  means.below.push_back(layers[pair.log_variances]);
  if (pair.numbered) {
    means.name.pop_back();  // fc21 to fc2, which has its place among the others
  } else {
    means.ends_encoder = true;
  }
  layers.erase(layers.begin() + static_cast<std::ptrdiff_t>(pair.log_variances));
}

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/detail/core/claims.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/description_checks.hpp"

namespace ae::inline AE_ABI::detail {

inline void require_size(const std::vector<double>& numbers, std::uint64_t size, const char* key,
                         const std::string& where) {
  require<FileError>(numbers.size() == size, where, ", ", key, ": expected ", size,
                     " numbers, found ", numbers.size());
}

inline void require_like(const std::optional<LikelihoodDescription>& expected,
                         const LikelihoodDescription& found, const std::string& where) {
  const std::string place = where + ", ae.likelihood";
  require<FileError>(expected.has_value(), place, ": expected none, found \"", shown(found.name),
                     '"');
  require<FileError>(expected->name == found.name, place, ": expected \"", expected->name,
                     "\", found \"", shown(found.name), '"');
  require<FileError>(expected->sigma.has_value() == found.sigma.has_value(), place, ": expected ",
                     expected->sigma ? "a" : "no", " sigma, found ", found.sigma ? "one" : "none");
}

AE_HEADER_INLINE void require_like(const ModelDescription& expected, const ModelDescription& found,
                                   const std::string& where) {
  require<FileError>(found.layers.size() == expected.layers.size(), where,
                     ", ae.layers: expected a list of ", expected.layers.size(), " layers, found ",
                     found.layers.size());
  for (std::size_t i = 0; i < found.layers.size(); ++i) {
    require<FileError>(found.layers[i].json == expected.layers[i].json, where,
                       ", ae.layers, layer ", i, ": expected ", expected.layers[i].json, ", found ",
                       shown(found.layers[i].json, 300));
  }
  require<FileError>(found.code_layer == expected.code_layer, where, ", ae.code_layer: expected ",
                     expected.code_layer, ", found ", found.code_layer);
  const std::uint64_t features = expected.layers.front().inputs.value_or(0);
  if (found.scaler) {
    require_size(found.scaler->center, features, "ae.scaler", where);
    require_size(found.scaler->divisors, found.scaler->per_feature ? features : 1, "ae.scaler",
                 where);
  }
  if (found.likelihood) require_like(expected.likelihood, *found.likelihood, where);
  require_size(found.probe_input, features, "ae.probe", where);
  require_size(found.probe_reconstruction, features, "ae.probe", where);
}

AE_HEADER_INLINE void require_finite(const ModelDescription& model, const std::string& where) {
  for (const double value : model.probe_reconstruction) {
    require<FileError>(std::isfinite(value), where,
                       ": expected a model that gives finite numbers, found one that does not");
  }
}

AE_HEADER_INLINE void require_probe(const ModelDescription& file, const std::vector<double>& found,
                                    double tolerance, const std::string& where) {
  double most = 0;
  for (const double value : file.probe_reconstruction) most = std::max(most, std::abs(value));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double expected = file.probe_reconstruction[i];
    require<FileError>(std::abs(found[i] - expected) <= tolerance * most, where,
                       ", ae.probe: expected value ", i, " of the reconstruction to be ", expected,
                       ", up to ", tolerance * most, ", found ", found[i]);
  }
}

/// The inputs of layers up to `end`, and, behind the last one, the features.
inline std::vector<Index> sizes_before(std::size_t end, const ModelDescription& file,
                                       std::uint64_t bytes, const std::string& where) {
  const std::string place = where + ", ae.layers";
  const auto require_layer = [&](bool there) {
    require<FileError>(there, place, ": expected layers of a code and behind it, found ",
                       shown(layers_text(file.layers), 300));
  };
  require_layer(file.layers.size() > 1 && file.code_layer < file.layers.size() - 1);
  std::vector<Index> sizes;
  for (std::size_t i = 0; i < end; ++i) {
    const auto& layer = file.layers[i < file.layers.size() ? i : 0];
    require_layer(layer.inputs.has_value());
    const std::uint64_t size = *layer.inputs;
    const auto weights = times(size, sizes.empty() ? 1 : std::uint64_t(sizes.back()));
    require<FileError>(size > 0 && weights && *weights <= bytes, place,
                       ": expected sizes of at least 1, of no more weights than the file holds, ",
                       "found ", size);
    bytes -= sizes.empty() ? 0 : *weights;
    sizes.push_back(static_cast<Index>(size));
  }
  return sizes;
}

AE_HEADER_INLINE std::vector<Index> sizes_of(const ModelDescription& file, std::uint64_t bytes,
                                             const std::string& where) {
  return sizes_before(static_cast<std::size_t>(file.code_layer) + 2, file, bytes, where);
}

AE_HEADER_INLINE std::vector<Index> decoder_sizes_of(const ModelDescription& file,
                                                     std::uint64_t bytes,
                                                     const std::string& where) {
  const std::vector<Index> all = sizes_before(file.layers.size() + 1, file, bytes, where);
  return {all.begin() + static_cast<std::ptrdiff_t>(file.code_layer) + 1, all.end()};
}

}  // namespace ae::inline AE_ABI::detail

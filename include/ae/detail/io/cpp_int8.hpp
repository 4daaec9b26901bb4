#pragma once

#include "ae/detail/core/abi.hpp"

#include <optional>
#include <string>
#include <vector>

#include "ae/detail/io/activation_table.hpp"
#include "ae/detail/io/int8_layer.hpp"

/// Layers in 8 bits as C++.
namespace ae::inline AE_ABI::detail {

/// What the header includes.
std::string cpp_int8_includes();

/// What all layers use; none has more inputs.
std::string cpp_int8_functions(Index most_inputs);

/// The numbers of a layer, for `multiply`.
std::string cpp_int8_numbers(Index i, const Int8Layer& layer);

/// Activations as expressions of z: one that has a table looks its value up.
class CppActivations {
 public:
  /// The expression that was given, or one that looks up a table, which is written once.
  std::string of(const std::string& expression, const std::optional<ActivationTable>& table);

  /// All tables and the function that looks into them.
  std::string tables() const;

  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<std::string> expressions_;  // of the activations that have a table
  std::string tables_;
  std::size_t bytes_ = 0;
};

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/cpp_int8-inl.hpp"
#endif

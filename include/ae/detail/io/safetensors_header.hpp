#pragma once

#include "ae/detail/core/abi.hpp"

#include <map>

#include "ae/io/tensor.hpp"

namespace ae::inline AE_ABI::detail {

/// What the header of a safetensors file says.
struct SafeTensorsHeader {
  struct Entry {
    std::string dtype;
    std::vector<std::uint64_t> shape, offsets;
  };
  std::map<std::string, Entry> entries;
  std::map<std::string, std::string, std::less<>> metadata;
};

/// Follows the JSON of a header, which begins at this byte of its file: an object of tensors, each
/// an object of dtype, shape and data_offsets, and one object of strings. Anything else is refused
/// where it begins, so that nothing nests deeper and nothing else is kept. Throws FileError.
SafeTensorsHeader parse_safetensors_header(std::string_view json, std::uint64_t first,
                                           const std::string& where);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/safetensors_header-inl.hpp"
#endif

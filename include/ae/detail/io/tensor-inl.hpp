#pragma once

#include "ae/detail/core/abi.hpp"

#include <utility>

#include "ae/detail/core/header_only.hpp"
#include "ae/io/tensor.hpp"

namespace ae::inline AE_ABI::detail {

AE_HEADER_INLINE std::optional<std::uint64_t> bits_of(std::string_view dtype) {
  static constexpr std::pair<std::string_view, std::uint64_t> types[] = {
      {"BOOL", 8},    {"U8", 8},         {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8},
      {"I16", 16},    {"U16", 16},       {"F16", 16},        {"BF16", 16},   {"I32", 32},
      {"U32", 32},    {"F32", 32},       {"F64", 64},        {"I64", 64},    {"U64", 64},
      {"C64", 64},    {"F8_E8M0", 8},    {"F8_E4M3FNUZ", 8}, {"F4", 4},      {"F6_E2M3", 6},
      {"F6_E3M2", 6}, {"F8_E5M2FNUZ", 8}};
  for (const auto& [name, bits] : types) {
    if (name == dtype) return bits;
  }
  return {};
}

AE_HEADER_INLINE std::uint64_t bytes_of(const std::string& dtype,
                                        const std::vector<std::uint64_t>& shape,
                                        const std::string& where) {
  const auto bits = bits_of(dtype);
  detail::require<FileError>(bits.has_value(), where, ": expected a type such as F32, found \"",
                             shown(dtype), '"');
  const auto all = times(values_of(shape), *bits);
  detail::require<FileError>(all.has_value(), where,
                             ": expected a size that 64 bits can count, found shape ",
                             shape_text(shape));
  detail::require<FileError>(*all % 8 == 0, where, ": expected whole bytes, found ", *all,
                             " bits of ", dtype);
  return *all / 8;
}

AE_HEADER_INLINE void require_bytes(const std::string& dtype,
                                    const std::vector<std::uint64_t>& shape, std::uint64_t found,
                                    const std::string& where) {
  const std::uint64_t expected = bytes_of(dtype, shape, where);
  detail::require<FileError>(found == expected, where, ": expected ", expected, " bytes of ", dtype,
                             " for shape ", shape_text(shape), ", found ", found);
}

}  // namespace ae::inline AE_ABI::detail

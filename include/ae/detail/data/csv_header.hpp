#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "ae/detail/data/csv_number.hpp"

/// Whether the first line of a table names its columns.
namespace ae::inline AE_ABI::detail::csv {

using Fields = std::span<const std::string_view>;

inline bool is_whole(std::string_view field, char point) {
  const auto value = number(field, point);
  return value && std::isfinite(*value) && *value == std::floor(*value);
}

/// True for names: texts only, and at least one.
inline bool is_header(Fields fields, char point) {
  return std::none_of(fields.begin(), fields.end(), [&](auto f) { return number(f, point); }) &&
         !std::all_of(fields.begin(), fields.end(), is_blank);
}

/// True for what may be numbers or names, as 2019, 2020, 2021: whole numbers that rise.
inline bool may_be_header(Fields fields, char point) {
  if (fields.size() < 2) return false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!is_whole(fields[i], point)) return false;
    if (i > 0 && *number(fields[i], point) <= *number(fields[i - 1], point)) return false;
  }
  return true;
}

/// What to say of a line that may be either.
constexpr const char* may_be_names =
    ", line 1: whole numbers that rise, above a line of others, may be names or values: expected "
    ".header "
    "to say which (Header::present or Header::absent), found Header::detect";

}  // namespace ae::inline AE_ABI::detail::csv

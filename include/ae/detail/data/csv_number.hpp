#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "ae/detail/data/parse_double.hpp"

/// The numbers that fields of a table hold.
namespace ae::inline AE_ABI::detail::csv {

inline std::string_view trimmed(std::string_view field) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!field.empty() && blank(field.front())) field.remove_prefix(1);
  while (!field.empty() && blank(field.back())) field.remove_suffix(1);
  return field;
}

inline bool is_blank(std::string_view field) {
  return trimmed(field).empty();
}

/// The number that a text of at most 15 digits is, with a point but no exponent: digits and a power
/// of ten are then exact, so one division rounds correctly (Clinger, "How to read floating point
/// numbers accurately", 1990).
inline std::optional<double> short_number(std::string_view text, char point) {
  constexpr std::array<double, 16> powers{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                          1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  if (end - at > 16) return {};
  std::uint64_t digits = 0;
  std::size_t count = 0, before = 0;
  bool fraction = false;
  for (; at != end; ++at) {
    const auto digit = static_cast<unsigned char>(*at - '0');
    if (digit < 10) {
      digits = digits * 10 + digit;
      ++count;
    } else if (*at == point && !fraction) {
      fraction = true;
      before = count;
    } else {
      return {};
    }
  }
  if (count == 0 || count > 15) return {};
  const double value = static_cast<double>(digits) / powers[fraction ? count - before : 0];
  return negative ? -value : value;
}

/// The number that a field holds, but for blanks around it and a plus sign before it: infinite if
/// it is out of a double's range, nothing if it is no number.
inline std::optional<double> number(std::string_view field, char point = '.') {
  field = trimmed(field);
  if (field.starts_with('+') && !field.starts_with("+-")) field.remove_prefix(1);
  if (const auto found = short_number(field, point)) return found;
  if (point == '.' || field.find(point) == std::string_view::npos) {
    return point != '.' && field.find('.') != std::string_view::npos ? std::nullopt
                                                                     : parse_double(field);
  }
  if (field.find('.') != std::string_view::npos) return {};
  std::string with_point(field);
  std::replace(with_point.begin(), with_point.end(), point, '.');
  return parse_double(with_point);
}

/// True for a number that a table of another decimal sign would have.
inline bool is_number_otherwise(std::string_view field, char point) {
  return !number(field, point) && number(field, point == '.' ? ',' : '.');
}

}  // namespace ae::inline AE_ABI::detail::csv

#pragma once

#include "ae/detail/core/abi.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#ifndef __cpp_lib_to_chars
#include <stdlib.h>  // strtod_l
#if __has_include(<xlocale.h>)
#include <xlocale.h>
#endif
#endif

namespace ae::inline AE_ABI::detail {

/// The number that a whole text is, whatever the locale: infinite if it is out of a double's range,
/// nothing if it is no number.
inline std::optional<double> parse_double(std::string_view text) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
#ifdef __cpp_lib_to_chars
  const char* const end = text.data() + text.size();
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end || error == std::errc::invalid_argument) return std::nullopt;
  return error == std::errc() ? value : infinity;
#else  // as of libc++, which has from_chars of whole numbers only
  static const locale_t c = newlocale(LC_ALL_MASK, "C", nullptr);
  // strtod takes blanks and a plus sign before a number, and hexadecimal ones.
  const bool other = text.empty() || text.find_first_of("+ \t\n\v\f\r") == 0 ||
                     text.find_first_of("xX") != std::string_view::npos;
  if (other) return std::nullopt;
  const std::string number(text);
  char* stop = nullptr;
  const double value = strtod_l(number.c_str(), &stop, c);
  if (stop != number.c_str() + number.size()) return std::nullopt;
  const bool below_range =
      value == 0 &&
      text.substr(0, text.find_first_of("eE")).find_first_of("123456789") != std::string_view::npos;
  return below_range ? infinity : value;
#endif
}

}  // namespace ae::inline AE_ABI::detail

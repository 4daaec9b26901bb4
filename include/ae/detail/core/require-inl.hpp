#pragma once

#include "ae/detail/core/abi.hpp"

#include <charconv>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI::detail {

template <class... Format>
void append_number(std::string& all, auto number, Format... format) {
  char digits[32];
  all.append(digits, std::to_chars(digits, digits + sizeof digits, number, format...).ptr);
}

AE_HEADER_INLINE void TextPart::append_to(std::string& all) const {
  switch (kind_) {
    case Kind::integer:
      return append_number(all, value_.integer);
    case Kind::unsigned_integer:
      return append_number(all, value_.unsigned_integer);
    case Kind::real:
      return append_number(all, value_.real, std::chars_format::general, 6);
    case Kind::letter:
      all += value_.letter;
      return;
    case Kind::text:
      all += value_.text;
      return;
    case Kind::shape:
      append_number(all, value_.shape.rows);
      all += " x ";
      append_number(all, value_.shape.cols);
  }
}

AE_HEADER_INLINE std::string join(std::initializer_list<TextPart> parts) {
  std::string all;
  for (const TextPart& part : parts) part.append_to(all);
  return all;
}

}  // namespace ae::inline AE_ABI::detail

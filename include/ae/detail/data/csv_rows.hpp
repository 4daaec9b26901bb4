#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include "ae/detail/core/require.hpp"
#include "ae/detail/data/parse_double.hpp"

/// Rows of fields in a text, and the numbers in these.
namespace ae::inline AE_ABI::detail::csv {

constexpr std::string_view blanks = " \t";

inline bool is_blank(std::string_view field) {
  return field.find_first_not_of(blanks) == std::string_view::npos;
}

/// The number that a field holds, but for blanks around it and a plus sign before it: infinite if
/// it is out of a double's range, nothing if it is no number.
inline std::optional<double> number(std::string_view field) {
  field.remove_prefix(std::min(field.find_first_not_of(blanks), field.size()));
  field = field.substr(0, field.find_last_not_of(blanks) + 1);
  if (field.starts_with('+') && !field.starts_with("+-")) field.remove_prefix(1);
  return parse_double(field);
}

/// Cuts a text into rows of fields.
class Rows {
 public:
  Rows(std::string_view text, char separator, const std::string& name)
      : text_(text), separator_(separator), name_(name) {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;  // the mark of UTF-8
  }

  /// Goes to the next row that is not blank; false if there is none. Throws FileError for a quote
  /// that is not closed.
  bool next() {
    do {
      if (at_ == text_.size()) return false;
      line_ += lines_;
      lines_ = 1;
      size_ = 0;
      while (next_field()) {
      }
    } while (size_ == 1 && is_blank(fields_[0]));
    return true;
  }

  std::span<const std::string> fields() const { return {fields_.data(), size_}; }

  /// Throws FileError for this row.
  template <class... Parts>
  [[noreturn]] void fail(const Parts&... parts) const {
    throw FileError(detail::text(name_, ", line ", line_, parts...));
  }

 private:
  /// Reads a field and what ends it; false at the end of the row.
  bool next_field() {
    if (size_ == fields_.size()) fields_.emplace_back();
    std::string& field = fields_[size_++];
    field.clear();
    const bool quoted = text_.substr(at_).starts_with('"');
    if (quoted) read_quoted(field);
    const char ends[] = {separator_, '\n'};
    const std::size_t end = std::min(text_.find_first_of({ends, 2}, at_), text_.size());
    const bool more = end < text_.size() && text_[end] == separator_;
    std::string_view rest = text_.substr(at_, end - at_);
    if (!more && rest.ends_with('\r')) rest.remove_suffix(1);
    if (!quoted) field = rest;
    if (quoted && !is_blank(rest)) {
      fail(", column ", size_, ": expected nothing between a closing quote and the end of the ",
           "field, found \"", rest.substr(0, 40), '"');
    }
    at_ = std::min(end + 1, text_.size());
    return more;
  }

  /// From one quote to the other; two of them stand for one.
  void read_quoted(std::string& field) {
    while (true) {
      const std::size_t close = text_.find('"', at_ + 1);
      if (close == std::string_view::npos) {
        fail(", column ", size_, ": expected a closing quote, found the end of the text");
      }
      field += text_.substr(at_ + 1, close - at_ - 1);
      at_ = close + 1;
      if (!text_.substr(at_).starts_with('"')) break;
      field += '"';
    }
    lines_ += std::count(field.begin(), field.end(), '\n');
  }

  std::string_view text_;
  char separator_;
  const std::string& name_;
  std::size_t at_ = 0;
  std::vector<std::string> fields_;  // the first size_ are of this row; the memory is used again
  std::size_t size_ = 0;
  std::ptrdiff_t line_ = 0, lines_ = 1;  // where the row begins, and how many it takes
};

/// The value of a field. Throws FileError.
template <class Scalar>
Scalar value(const Rows& rows, std::size_t column) {
  const std::string& field = rows.fields()[column];
  const auto fail = [&](const auto&... parts) {
    rows.fail(", column ", column + 1, ": ", parts...);
  };
  if (is_blank(field)) fail("expected a number, found nothing");
  const std::optional<double> found = number(field);
  if (!found) fail("expected a number, found \"", field.substr(0, 40), '"');
  const auto value = static_cast<Scalar>(*found);
  if (!std::isfinite(value)) {
    fail("expected a finite number of ", 8 * sizeof(Scalar), " bits, found \"", field.substr(0, 40),
         '"');
  }
  return value;
}

}  // namespace ae::inline AE_ABI::detail::csv

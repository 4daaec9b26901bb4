#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "ae/detail/core/claims.hpp"
#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI::detail {

/// What an array file says of itself: a Python dictionary of three keys, such as
/// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
/// with spaces and a line end behind it. Throws FileError, with the byte of the file, for anything
/// else.
class NpyHeader {
 public:
  /// `bytes` is the file up to the end of its header, of which the dictionary begins at `first`.
  NpyHeader(std::string_view bytes, std::size_t first, std::string where)
      : bytes_(bytes), at_(first), where_(std::move(where)) {
    require<FileError>(bytes.size() > first && bytes.back() == '\n', where_, ", byte ",
                       bytes.size() - 1, ": expected a header that ends with a line end");
    expect('{');
    while (!take('}')) {
      read_item();
      if (!take(',') && peek() != '}') refuse("a comma or }");
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!seen_[i]) refuse(text('\'', keys[i], "' before the end of the dictionary"));
    }
    peek();
    if (at_ != bytes_.size()) refuse("nothing behind the dictionary");
  }

  std::string_view descr;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;

 private:
  static constexpr std::array<std::string_view, 3> keys{"descr", "fortran_order", "shape"};

  void read_item() {
    const std::string_view key = quoted();
    const auto i =
        static_cast<std::size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin());
    if (i == keys.size()) refuse("descr, fortran_order or shape before this");
    if (std::exchange(seen_[i], true)) refuse(text('\'', key, "' only once before this"));
    expect(':');
    if (i == 0) descr = quoted();
    if (i == 1) read_boolean();
    if (i == 2) read_tuple();
  }

  std::string_view quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') refuse("a text in quotes");
    const std::size_t end = bytes_.find(quote, at_ + 1);
    if (end == bytes_.npos) refuse("a closing quote");
    const std::string_view inside = bytes_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return inside;
  }

  void read_boolean() {
    peek();
    for (const std::string_view word : {"True", "False"}) {
      if (!bytes_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      fortran_order = word == "True";
      return;
    }
    refuse("True or False");
  }

  /// (), (3,), (3, 4) and so on; (3) is no tuple.
  void read_tuple() {
    expect('(');
    bool comma = true;
    while (!take(')')) {
      if (!comma) refuse("a comma");
      shape.push_back(whole_number());
      comma = take(',');
      if (!comma && shape.size() == 1) refuse("a comma");
    }
  }

  std::uint64_t whole_number() {
    if (!is_digit(peek())) refuse("a whole number from 0 on");
    std::uint64_t value = 0;
    for (; is_digit(bytes_[at_]); ++at_) {  // the line end stops it
      const auto digit = static_cast<std::uint64_t>(bytes_[at_] - '0');
      const auto ten = times(value, 10);
      if (!ten || *ten + digit < digit) refuse("a number of at most 64 bits");
      value = *ten + digit;
    }
    return value;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  /// The next character that is no space; a zero byte at the end.
  char peek() {
    at_ = std::min(bytes_.find_first_not_of(" \t\r\n", at_), bytes_.size());
    return at_ < bytes_.size() ? bytes_[at_] : '\0';
  }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  void expect(char c) {
    if (!take(c)) refuse(text(c));
  }

  [[noreturn]] void refuse(const std::string& expected) const {
    throw FileError(text(where_, ", byte ", at_, ": expected ", expected, ", found \"",
                         shown(bytes_.substr(at_), 20), '"'));
  }

  std::string_view bytes_;
  std::size_t at_;
  std::string where_;
  std::array<bool, 3> seen_{};
};

}  // namespace ae::inline AE_ABI::detail

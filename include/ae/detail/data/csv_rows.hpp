#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "ae/data/text_file.hpp"
#include "ae/detail/core/require.hpp"

/// Rows of fields in a text: RFC 4180, with other separators and lines that are comments.
namespace ae::inline AE_ABI::detail::csv {

struct RowFormat {
  std::optional<char> separator;  ///< none: found
  char point = '.';
  std::optional<char> comment = {};
};

/// Cuts a text into rows of fields, with a piece of it in memory.
class Rows {
 public:
  /// `name` is what errors call the text. Throws FileError for bytes that are no text in UTF-8.
  Rows(ReadBytes read, const RowFormat& format, std::string name);

  /// Goes to the next row that is neither blank nor a comment; false if there is none. Throws
  /// FileError for a quote that is not closed.
  bool next();

  /// Puts a line in place of what is left of the text.
  void set_line(std::string_view line);

  /// Counts lines anew, with no text left.
  void restart() {
    at_ = end_ = 0;
    line_ = 0;
    lines_ = 1;
  }

  /// Of this row, until the next.
  std::span<const std::string_view> fields() const { return fields_; }

  char separator() const { return *format_.separator; }
  std::ptrdiff_t line() const { return line_; }  ///< where this row begins, from 1
  const std::string& name() const { return name_; }

  /// Throws FileError for a row of another length.
  void require_width(std::size_t width) const;

  /// Throws FileError for this row.
  template <class... Parts>
  [[noreturn]] void fail(const Parts&... parts) const {
    throw FileError(detail::text(name_, ", line ", line_, parts...));
  }

 private:
  /// Reads more bytes behind those that are left.
  void fill();
  void start();
  /// False if it takes more bytes.
  bool read_row();
  bool skip_comment();
  /// A field that begins at `at`; where it ends. Null if it takes more bytes.
  const char* read_field(const char* at);
  const char* read_quoted(const char* at, std::string_view& field);
  const char* end() const { return buffer_.data() + end_; }

  ReadBytes read_;
  RowFormat format_;
  std::string name_;
  std::array<bool, 256> ends_field_{};
  std::string buffer_;  // holds [at_, end_) of what is to come, then a line's end
  std::size_t at_ = 0, end_ = 0;
  bool ended_ = false;  // nothing comes after the buffer
  std::vector<std::string_view> fields_;
  std::deque<std::string> unquoted_;     // those of them that had quotes within
  std::ptrdiff_t line_ = 0, lines_ = 1;  // where the row begins, and how many it takes
};

/// As messages show a text: the beginning of a long one, in UTF-8, or ASCII where it is not.
std::string shown_field(std::string_view field);

/// What a user may have to tell about a field that is no number: the separator or the decimal
/// sign; empty if nothing.
std::string hint(std::string_view field, char separator, char point);

}  // namespace ae::inline AE_ABI::detail::csv

#ifndef AE_COMPILED
#include "ae/detail/data/csv_rows-inl.hpp"
#endif

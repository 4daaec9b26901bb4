#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cstring>

#include "ae/detail/core/claims.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/data/csv_number.hpp"
#include "ae/detail/data/csv_rows.hpp"
#include "ae/detail/data/csv_start.hpp"
#include "ae/detail/data/utf8.hpp"

namespace ae::inline AE_ABI::detail::csv {

AE_HEADER_INLINE Rows::Rows(ReadBytes read, const RowFormat& format, std::string name)
    : read_(std::move(read)), format_(format), name_(std::move(name)) {
  start();
  ends_field_[static_cast<unsigned char>('\n')] = true;
  ends_field_[static_cast<unsigned char>(*format_.separator)] = true;
}

AE_HEADER_INLINE void Rows::start() {
  fill();
  std::string_view first(buffer_.data(), end_);
  const std::string other = other_than_text(first);
  require<FileError>(other.empty(), name_, ": expected a table as text in UTF-8, found ", other);
  if (first.starts_with("\xef\xbb\xbf")) at_ = 3;  // the mark of UTF-8
  first.remove_prefix(at_);
  require<FileError>(first.find('\n') != first.npos || first.find('\r') >= first.size() - 1, name_,
                     ": expected lines that end in LF or CRLF, found only CR");
  if (format_.separator) return;
  if (!ended_) first = first.substr(0, first.rfind('\n') + 1);
  format_.separator = find_separator(ended_ ? std::string(first) + '\n' : std::string(first),
                                     format_.comment, format_.point);
}

AE_HEADER_INLINE void Rows::fill() {
  constexpr std::size_t piece = std::size_t{1} << 16, most = std::size_t{1} << 26;
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(at_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  end_ -= at_;
  at_ = 0;
  if (end_ > most) {
    fail(": expected a row of at most 64 MiB, found a longer one: is a quote not closed?");
  }
  if (buffer_.size() < 2 * end_ + piece) buffer_.resize(2 * end_ + piece);
  while (!ended_ && end_ + 1 < buffer_.size()) {
    const std::size_t count = read_({buffer_.data() + end_, buffer_.size() - 1 - end_});
    ended_ = count == 0;
    end_ += count;
  }
  buffer_[end_] = '\n';
}

AE_HEADER_INLINE bool Rows::next() {
  do {
    if (at_ == end_ && !ended_) fill();
    if (at_ == end_) return false;
    line_ += lines_;
    while (!read_row()) fill();
  } while (fields_.empty() || (fields_.size() == 1 && is_blank(fields_[0])));
  return true;
}

AE_HEADER_INLINE void Rows::set_line(std::string_view line) {
  buffer_.assign(line);
  buffer_ += "\n\n";  // its own end, and what is behind all that is read
  at_ = 0;
  end_ = line.size() + 1;
  ended_ = true;
}

AE_HEADER_INLINE bool Rows::skip_comment() {
  const auto* const stop =
      static_cast<const char*>(std::memchr(buffer_.data() + at_, '\n', end_ - at_));
  if (stop == nullptr && !ended_) return false;
  at_ = stop == nullptr ? end_ : static_cast<std::size_t>(stop + 1 - buffer_.data());
  return true;
}

AE_HEADER_INLINE bool Rows::read_row() {
  fields_.clear();
  unquoted_.clear();
  lines_ = 1;
  const char* at = buffer_.data() + at_;
  if (format_.comment && *at == *format_.comment) return skip_comment();
  while (true) {
    const char* const stop = read_field(at);
    if (stop == nullptr) return false;
    if (stop == end() || *stop == '\n') {
      at_ = static_cast<std::size_t>(std::min(stop + 1, end()) - buffer_.data());
      return true;
    }
    at = stop + 1;
  }
}

AE_HEADER_INLINE const char* Rows::read_field(const char* at) {
  std::string_view field;
  const char* first = at;
  while ((*first == ' ' || *first == '\t') && *first != separator()) ++first;
  const bool quoted = *first == '"';
  if (quoted) {
    at = read_quoted(first + 1, field);
    if (at == nullptr) return nullptr;
  }
  const char* stop = at;
  while (!ends_field_[static_cast<unsigned char>(*stop)]) ++stop;
  if (stop == end() && !ended_) return nullptr;
  std::string_view rest(at, static_cast<std::size_t>(stop - at));
  if ((stop == end() || *stop == '\n') && rest.ends_with('\r')) rest.remove_suffix(1);
  if (quoted && !is_blank(rest)) {
    fail(", column ", fields_.size() + 1, ": expected nothing between a closing quote and the ",
         "end of the field, found \"", shown_field(rest), '"');
  }
  fields_.push_back(quoted ? field : rest);
  return stop;
}

/// From one quote to the other; two of them stand for one.
AE_HEADER_INLINE const char* Rows::read_quoted(const char* at, std::string_view& field) {
  std::string* joined = nullptr;
  while (true) {
    const auto* const close =
        static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end() - at)));
    if (close == nullptr && ended_) {
      fail(", column ", fields_.size() + 1,
           ": expected a closing quote, found the end of the text");
    }
    if (close == nullptr || (close + 1 == end() && !ended_)) return nullptr;
    field = {at, static_cast<std::size_t>(close - at)};
    lines_ += std::count(field.begin(), field.end(), '\n');
    const bool doubled = close[1] == '"';  // behind the last is a line's end
    if (doubled && joined == nullptr) joined = &unquoted_.emplace_back();
    if (joined != nullptr) *joined += field;
    at = close + 1;
    if (!doubled) break;
    *joined += '"';
    ++at;
  }
  if (joined != nullptr) field = *joined;
  return at;
}

AE_HEADER_INLINE void Rows::require_width(std::size_t width) const {
  const std::size_t found = fields_.size();
  if (found == width) return;
  std::string why;
  for (const std::string_view field : fields_) {
    if (why.empty()) why = hint(field, separator(), format_.point);
  }
  fail(": expected ", width, width == 1 ? " value" : " values", ", as in the first row, found ",
       found, why);
}

AE_HEADER_INLINE std::string shown_field(std::string_view field) {
  constexpr std::size_t most = 40;
  if (utf8_prefix(field) < field.size()) return shown(field, most);
  std::string all(field.substr(0, most));
  all.resize(utf8_prefix(all));
  for (char& c : all) {
    if ((c >= 0 && c < ' ') || c == '\x7f') c = '?';
  }
  return all;
}

AE_HEADER_INLINE std::string hint(std::string_view field, char separator, char point) {
  for (const char other : {';', '\t', '|'}) {
    if (separator == ',' && field.find(other) != field.npos) {
      return text("; is the separator ", other == '\t'  ? "a tab (.separator = '\\t')?"
                                         : other == ';' ? "a semicolon (.separator = ';')?"
                                                        : "a bar (.separator = '|')?");
    }
  }
  if (is_number_otherwise(field, point)) {
    return text("; is the decimal sign '", point == '.' ? ',' : '.', "' (.decimal = '",
                point == '.' ? ',' : '.', "')?");
  }
  return {};
}

}  // namespace ae::inline AE_ABI::detail::csv

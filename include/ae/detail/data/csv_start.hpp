#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "ae/detail/core/file_kind.hpp"
#include "ae/detail/core/require.hpp"

/// What the first bytes of a table tell.
namespace ae::inline AE_ABI::detail::csv {

/// What bytes are that are no text in UTF-8, and what to do; empty if they may be one.
inline std::string other_than_text(std::string_view start) {
  using namespace std::string_view_literals;
  const auto begins = [&](std::string_view mark) { return start.starts_with(mark); };
  if (begins("\xff\xfe"sv) || begins("\xfe\xff"sv) || begins("\0\0\xfe\xff"sv)) {
    return "UTF-16 or UTF-32: save it as UTF-8 (iconv -f UTF-16 -t UTF-8)";
  }
  if (begins("\x1f\x8b"sv)) {
    return "gzip's: read it by ae::gzip::file of ae/data/gzip.hpp, or unpack it (gzip -d)";
  }
  if (begins("PK\x03\x04"sv)) return "a zip archive, as .xlsx is: save the sheet as CSV, in UTF-8";
  if (begins("PAR1"sv)) return "Parquet: save it as CSV";
  const std::size_t zero = start.find('\0');
  const std::string_view kind = file_kind(start);
  const bool may_be_name = begins("BZh"sv) && zero == std::string_view::npos;
  if (!kind.empty() && !may_be_name) return std::string(kind);
  if (zero == std::string_view::npos) return {};
  return detail::text("a zero byte after ", zero, " others, as in UTF-16 and in what is no text");
}

/// How many separators each line has; lines within quotes are taken together.
inline std::vector<std::size_t> separators_by_line(std::string_view text, char separator,
                                                   std::optional<char> comment) {
  constexpr std::size_t most = 50;
  std::vector<std::size_t> all;
  std::size_t count = 0;
  bool quoted = false, begun = false;
  for (std::size_t i = 0; i < text.size() && all.size() < most; ++i) {
    const char c = text[i];
    if (!begun && !quoted && comment && c == *comment) {
      i = std::min(text.find('\n', i), text.size() - 1);
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (c == separator && !quoted) ++count;
    if (c == '\n' && !quoted) {
      if (begun) all.push_back(count);
      count = 0;
      begun = false;
    } else if (c != '\r') {
      begun = true;
    }
  }
  return all;
}

/// The separator of a text that ends with a line: the first of tab, semicolon, bar and comma that
/// all lines have equally often; if none is, the one that the first line has most of. A comma that
/// is the decimal sign separates nothing.
inline char find_separator(std::string_view text, std::optional<char> comment, char point) {
  char best = ',';
  std::size_t most = 0;
  for (const char separator : {'\t', ';', '|', ','}) {
    if (separator == point) continue;
    const auto counts = separators_by_line(text, separator, comment);
    if (counts.empty() || counts[0] == 0) continue;
    if (std::all_of(counts.begin(), counts.end(), [&](auto n) { return n == counts[0]; })) {
      return separator;
    }
    if (counts[0] > most) {
      most = counts[0];
      best = separator;
    }
  }
  return most > 0 || point != ',' ? best : ';';
}

}  // namespace ae::inline AE_ABI::detail::csv

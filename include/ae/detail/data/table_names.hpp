#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/table_format.hpp"
#include "ae/detail/data/iso_time.hpp"
#include "ae/detail/data/text_map.hpp"
#include "ae/detail/data/utf8.hpp"

/// The names of the columns of a table.
namespace ae::inline AE_ABI::detail {

/// A name in quotes, for messages.
inline std::string in_quotes(std::string_view name) {
  return text('"', csv::shown_field(name), '"');
}

/// The names in quotes, for messages: ten at most, then how many more there are.
inline std::string list_of(std::span<const std::string> names) {
  constexpr std::size_t most = 10;
  std::string all;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) {
    all += (i == 0 ? "" : ", ") + in_quotes(names[i]);
  }
  return names.size() > most ? text(all, " and ", names.size() - most, " more") : all;
}

/// The names in a header row, without blanks around them. A blank name becomes "", and only that
/// may come twice. Throws FileError for another that does, and for bytes that are not UTF-8.
inline std::vector<std::string> names_in(csv::Fields fields, const std::string& file) {
  std::vector<std::string> names;
  TextMap<std::size_t> numbers;
  for (const std::string_view field : fields) {
    const std::string_view name = csv::trimmed(field);
    const std::size_t number = names.size() + 1;
    require<FileError>(utf8_prefix(name) == name.size(), file, ", line of names, column ", number,
                       ": expected a name in UTF-8, found \"", csv::shown_field(name),
                       "\" in other bytes (iconv -f LATIN1 -t UTF-8)");
    const auto [same, is_new] = numbers.emplace(name, number);
    require<FileError>(name.empty() || is_new, file,
                       ": expected each name of a column once, found ", in_quotes(name),
                       " in the columns ", same->second, " and ", number);
    names.emplace_back(name);
  }
  return names;
}

/// Names for a table without any: "column 1", "column 2", ...
inline std::vector<std::string> numbered_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back(text("column ", i));
  return names;
}

/// True if the first row of a table holds names, judged with the second: it has no number or time
/// but a text, or a text above a number or a time. Throws FileError where it cannot be told.
inline bool first_row_is_names(csv::Fields first, csv::Fields second, char decimal,
                               const std::string& file) {
  const auto is_value = [&](std::string_view field) {
    return csv::number(field, decimal) || parse_iso_time(csv::trimmed(field));
  };
  const auto is_text = [&](auto field) { return !csv::is_blank(field) && !is_value(field); };
  if (std::none_of(first.begin(), first.end(), is_value)) {
    return std::any_of(first.begin(), first.end(), is_text);
  }
  std::vector<std::string_view> values;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (is_text(first[i]) && i < second.size() && is_value(second[i])) return true;
    if (is_value(first[i])) values.push_back(first[i]);
  }
  // Whole numbers that rise, as years do, may be names or values. They are values unless there is
  // a sign of names: a text beside them, or a number below that is not whole.
  const bool has_text = std::any_of(first.begin(), first.end(), is_text);
  const bool fraction_below = std::any_of(second.begin(), second.end(), [&](auto field) {
    return csv::number(field, decimal) && !csv::is_whole(field, decimal);
  });
  const bool ambiguous = csv::may_be_header(values, decimal) && (has_text || fraction_below);
  require<FileError>(!ambiguous, file, csv::may_be_names);
  return false;
}

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include <map>
#include <optional>
#include <vector>

#include "ae/core/types.hpp"
#include "ae/data/csv.hpp"

namespace ae::inline AE_ABI {

/// What a column of a table is.
enum class ColumnKind : std::uint8_t {
  numeric,      ///< a feature
  categorical,  ///< a feature for each text that it may be, 1 or 0, and one for all other texts
  time,         ///< a moment; no feature
  label,        ///< what is known of a sample, as that it is normal; no feature
  ignored       ///< left out
};

/// How the moments of a column of times are written.
enum class TimeFormat : std::uint8_t {
  either,   ///< not known: all in a file as the first in it
  iso8601,  ///< 2026-11-28T10:00:00Z
  seconds   ///< since the beginning of 1970, UTC
};

/// How the files of a schema are read: the one that it is learnt from, and all others.
/// ~~~{.cpp}
/// const ae::TableFormat format{.separator = ';', .decimal = ',', .missing_marks = {"-999"}};
/// const auto schema = ae::Schema::learn("european.csv", {.format = format});
/// ~~~
struct TableFormat {
  std::optional<char> separator = {};  ///< comma, semicolon, tab or bar; none: found in each file
  char decimal = '.';                  ///< or ',', which then separates no fields
  std::optional<char> comment = {};    ///< lines that begin with it, as with '#', are left out
  std::vector<std::string> missing_marks = {};  ///< texts that mean "missing" beside the usual
                                                ///< ones; numbers by their value: -999 is -999.0
  bool usual_marks = true;  ///< nothing, NA, N/A, nan, NaN, null, NULL and ? mean it
  std::vector<std::string> normal_labels = {};  ///< labels of normal samples; none: 0, false, no,
                                                ///< normal, benign, ok and good, in any case

  bool operator==(const TableFormat&) const = default;
};

/// How a schema is learnt, in any order of need: none of it has to be told.
/// ~~~{.cpp}
/// const auto schema = ae::Schema::learn(
///     "normal.csv", {.ignored = {"id"}, .kinds = {{"error_code", ae::ColumnKind::categorical}}});
/// ~~~
struct SchemaOptions {
  std::string label = {};                        ///< the name of the column of labels
  std::vector<std::string> ignored = {};         ///< names of columns to be left out
  std::map<std::string, ColumnKind> kinds = {};  ///< of columns whose kind is not to be found out
  csv::Header header = csv::Header::detect;
  TableFormat format = {};
  Index most_categories = 100;  ///< texts that a categorical column may have
};

/// A column of a table as it was learnt.
/// ~~~{.cpp}
/// for (const ae::Column& column : schema.columns()) {
///   std::cout << column.name << ": " << column.features() << " features " << column.note << '\n';
/// }
/// ~~~
struct Column {
  std::string name;  ///< without names in the file "column 1", "column 2", ...
  ColumnKind kind = ColumnKind::numeric;
  std::vector<std::string> categories = {};     ///< of a categorical one, sorted
  std::string note = {};                        ///< why it is left out where nobody asked for it
  TimeFormat time_format = TimeFormat::either;  ///< of a column of times

  /// How many features it makes: for each category one, and one for texts that are none of them.
  Index features() const {
    if (kind == ColumnKind::categorical) return static_cast<Index>(categories.size()) + 1;
    return kind == ColumnKind::numeric ? 1 : 0;
  }

  bool operator==(const Column&) const = default;
};

/// How a table is read by a schema.
/// ~~~{.cpp}
/// const auto table = ae::Table::read("new.csv", schema, {.ignore_unknown = true});
/// ~~~
struct TableOptions {
  bool ignore_unknown = false;  ///< columns that the schema does not know are left out
};

}  // namespace ae::inline AE_ABI

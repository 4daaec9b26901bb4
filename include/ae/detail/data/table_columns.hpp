#pragma once

#include "ae/detail/core/abi.hpp"

#include <limits>

#include "ae/data/schema.hpp"
#include "ae/detail/data/cell_reader.hpp"
#include "ae/detail/data/table_names.hpp"
#include "ae/detail/data/text_map.hpp"

namespace ae::inline AE_ABI::detail {

/// The columns of one file as a schema reads them.
class TableColumns {
 public:
  /// The names in the file; none for a schema without names, and a file of so many columns. Throws
  /// FileError for columns that are missing or unknown.
  TableColumns(const Schema& schema, std::vector<std::string> names, std::size_t count,
               std::string file, const TableOptions& options)
      : names_(std::move(names)), file_(std::move(file)), cells_(schema.format()) {
    if (names_.empty()) {
      require<FileError>(count == schema.columns().size(), file_, ": expected ",
                         schema.columns().size(), " columns, found ", count);
      names_ = places(count);
    }
    columns_.resize(names_.size());
    TextMap<std::size_t> numbers;
    for (std::size_t i = 0; i < names_.size(); ++i) numbers.emplace(names_[i], i);
    Index first = 0;
    std::vector<std::string> missing, unknown;
    for (const ae::Column& column : schema.columns()) {
      const auto at = numbers.find(column.name);
      if (at != numbers.end()) {
        take(column, columns_[at->second], first);
      } else if (column.features() > 0) {
        missing.push_back(column.name);
      }
      first += column.features();
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const bool counts = !options.ignore_unknown && !names_[i].empty();
      if (!columns_[i].known && counts) unknown.push_back(names_[i]);
    }
    if (missing.empty() && unknown.empty()) return;
    std::string found;
    if (!missing.empty()) found = "none called " + list_of(missing);
    if (!unknown.empty()) {
      found += text(found.empty() ? "" : ", but ", "the unknown ", list_of(unknown),
                    ", which .ignore_unknown leaves out");
    }
    if (names_.size() == 1 && names_[0].find_first_of(",;\t|") != std::string::npos) {
      found += "; is the separator another (.separator)?";
    }
    throw FileError(text(file_, ": expected the columns ", list_of(schema.feature_columns()),
                         ", found ", found));
  }

  bool has_labels() const { return has_labels_; }
  bool has_times() const { return has_times_; }

  struct Row {
    std::string label;
    double time = nan;
  };

  /// x: the features. Throws FileError.
  void read(csv::Fields fields, std::ptrdiff_t line, double* x, Row& row) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      Column& column = columns_[i];
      const std::string_view cell = csv::trimmed(fields[i]);
      switch (column.kind) {
        case ColumnKind::numeric:
          x[column.first] = number(cell, i, line);
          break;
        case ColumnKind::categorical:
          place(cell, line, column, x);
          break;
        case ColumnKind::time:
          row.time = time(cell, column, i, line);
          break;
        case ColumnKind::label:
          row.label = cells_.is_missing(cell) ? std::string_view() : cell;
          break;
        case ColumnKind::ignored:
          break;
      }
    }
  }

  /// Throws FileError for a column that had numbers only where texts belong.
  void require_texts() const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      if (column.first_number.second == 0 || column.texts || column.has_number) continue;
      throw FileError(text(file_, ", line ", column.first_number.second,
                           csv::column_text(i, names_),
                           ": expected texts, as the categories that were learnt are, found \"",
                           csv::shown_field(column.first_number.first), "\" and only numbers"));
    }
  }

 private:
  static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

  struct Column {
    bool known = false;
    ColumnKind kind = ColumnKind::ignored;
    Index first = 0, width = 0;  // its features
    TextMap<Index> categories;
    bool has_number = false;  // one of the categories is one
    bool texts = false;       // some were found that are no numbers
    TimeFormat time_format = TimeFormat::either;
    bool time_format_learnt = false;  // not by this file
    std::pair<std::string, std::ptrdiff_t> first_number;
  };

  void take(const ae::Column& from, Column& column, Index first) {
    column.known = true;
    column.kind = from.kind;
    column.first = first;
    column.width = from.features();
    column.time_format = from.time_format;
    column.time_format_learnt = from.time_format != TimeFormat::either;
    for (std::size_t i = 0; i < from.categories.size(); ++i) {
      column.categories.emplace(from.categories[i], static_cast<Index>(i));
      column.has_number |= cells_.number(from.categories[i]).has_value();
    }
    has_labels_ |= from.kind == ColumnKind::label;
    has_times_ |= from.kind == ColumnKind::time;
  }

  double number(std::string_view cell, std::size_t i, std::ptrdiff_t line) const {
    const auto found = cells_.number(cell);
    if (found && std::isfinite(*found)) return *found;
    if (!found && cells_.is_missing(cell)) return nan;
    refuse(i, line, found ? "a finite number" : "a number", cell,
           found ? "" : "; .missing_marks may say that it means \"missing\"");
  }

  double time(std::string_view cell, Column& column, std::size_t i, std::ptrdiff_t line) const {
    const auto number = cells_.number(cell);
    if (!number && cells_.is_missing(cell)) return nan;
    const auto moment = number ? number : parse_iso_time(cell);
    const TimeFormat found = number ? TimeFormat::seconds : TimeFormat::iso8601;
    if (moment && std::isfinite(*moment)) {
      if (column.time_format == TimeFormat::either) column.time_format = found;
      if (column.time_format == found) return *moment;
    }
    refuse(i, line, expected_time(column).c_str(), cell);
  }

  static std::string expected_time(const Column& column) {
    if (column.time_format == TimeFormat::either) return "a time (ISO 8601, or seconds since 1970)";
    return text(column.time_format == TimeFormat::iso8601
                    ? "a date or moment of ISO 8601 (2026-11-28T10:00:00Z)"
                    : "seconds since 1970",
                column.time_format_learnt ? ", as in the table that was learnt"
                                          : ", as in the rows before");
  }

  void place(std::string_view cell, std::ptrdiff_t line, Column& column, double* x) const {
    const bool missing = cells_.is_missing(cell);
    std::fill_n(x + column.first, column.width, missing ? nan : 0.0);
    if (missing) return;
    const auto found = column.categories.find(cell);
    const bool known = found != column.categories.end();
    x[column.first + (known ? found->second : column.width - 1)] = 1;
    if (known || column.texts) {
      column.texts = true;
    } else if (!cells_.number(cell)) {
      column.texts = true;
    } else if (column.first_number.second == 0) {
      column.first_number = {std::string(cell), line};
    }
  }

  [[noreturn]] void refuse(std::size_t i, std::ptrdiff_t line, const char* expected,
                           std::string_view cell, const char* otherwise = "") const {
    const std::string hint = csv::hint(cell, '\0', cells_.decimal());
    throw FileError(text(file_, ", line ", line, csv::column_text(i, names_), ": expected ",
                         expected, ", found \"", csv::shown_field(cell), '"',
                         hint.empty() ? otherwise : hint));
  }

  std::vector<std::string> names_;
  std::string file_;
  CellReader cells_;
  std::vector<Column> columns_;  // of the file
  bool has_labels_ = false, has_times_ = false;
};

}  // namespace ae::inline AE_ABI::detail

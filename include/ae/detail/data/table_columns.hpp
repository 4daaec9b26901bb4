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
  /// Matches the columns of a file to a schema's. `names` are those in the file; they are empty for
  /// a schema without names, and then the file must have `count` columns, as many as the schema.
  /// Throws FileError for columns that are missing or unknown.
  TableColumns(const Schema& schema, std::vector<std::string> names, std::size_t count,
               std::string file, const TableOptions& options)
      : names_(std::move(names)), file_(std::move(file)), cells_(schema.format()) {
    if (names_.empty()) {
      require<FileError>(count == schema.columns().size(), file_, ": expected ",
                         schema.columns().size(), " columns, found ", count);
      names_ = numbered_names(count);
    }
    columns_.resize(names_.size());
    TextMap<std::size_t> index_of;
    for (std::size_t i = 0; i < names_.size(); ++i) index_of.emplace(names_[i], i);
    Index first = 0;
    std::vector<std::string> missing, unknown;
    for (const ae::Column& column : schema.columns()) {
      const auto at = index_of.find(column.name);
      if (at != index_of.end()) {
        take(column, columns_[at->second], first);
      } else if (column.features() > 0) {
        missing.push_back(column.name);
      }
      first += column.features();
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const bool refused = !options.ignore_unknown && !names_[i].empty();
      if (!columns_[i].known && refused) unknown.push_back(names_[i]);
    }
    require_all(schema, missing, unknown);
  }

  bool has_labels() const { return has_labels_; }
  bool has_times() const { return has_times_; }

  struct Row {
    std::string label;
    double time = nan;
  };

  /// Reads a row of as many fields as there are names: its features to x, its label and time to
  /// `row` where the file has them. Throws FileError.
  void read(csv::Fields fields, std::ptrdiff_t line, double* x, Row& row) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      FileColumn& column = columns_[i];
      const std::string_view cell = csv::trimmed(fields[i]);
      switch (column.kind) {
        case ColumnKind::numeric:
          x[column.first] = number(cell, i, line);
          break;
        case ColumnKind::categorical:
          one_hot(cell, line, column, x);
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

  /// Throws FileError for a categorical column whose cells were all numbers although the schema's
  /// categories are all texts.
  void require_texts() const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const FileColumn& column = columns_[i];
      if (column.first_number.second == 0 || column.has_text || column.has_number) continue;
      throw FileError(text(file_, ", line ", column.first_number.second,
                           csv::column_text(i, names_),
                           ": expected texts, as the categories that were learnt are, found \"",
                           csv::shown_field(column.first_number.first), "\" and only numbers"));
    }
  }

 private:
  static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

  struct FileColumn {
    bool known = false;
    ColumnKind kind = ColumnKind::ignored;
    Index first = 0, width = 0;  // its features
    TextMap<Index> categories;
    bool has_number = false;  // a category is a number
    bool has_text = false;    // a cell was no number
    TimeFormat time_format = TimeFormat::either;
    bool time_format_learnt = false;  // by the schema, not from this file
    std::pair<std::string, std::ptrdiff_t> first_number;
  };

  void require_all(const Schema& schema, const std::vector<std::string>& missing,
                   const std::vector<std::string>& unknown) const {
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

  void take(const ae::Column& from, FileColumn& column, Index first) {
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

  double time(std::string_view cell, FileColumn& column, std::size_t i, std::ptrdiff_t line) const {
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

  static std::string expected_time(const FileColumn& column) {
    if (column.time_format == TimeFormat::either) return "a time (ISO 8601, or seconds since 1970)";
    return text(column.time_format == TimeFormat::iso8601
                    ? "a date or moment of ISO 8601 (2026-11-28T10:00:00Z)"
                    : "seconds since 1970",
                column.time_format_learnt ? ", as in the table that was learnt"
                                          : ", as in the rows before");
  }

  void one_hot(std::string_view cell, std::ptrdiff_t line, FileColumn& column, double* x) const {
    const bool missing = cells_.is_missing(cell);
    std::fill_n(x + column.first, column.width, missing ? nan : 0.0);
    if (missing) return;
    const auto found = column.categories.find(cell);
    const bool known = found != column.categories.end();
    x[column.first + (known ? found->second : column.width - 1)] = 1;
    column.has_text = column.has_text || known || !cells_.number(cell);
    if (!column.has_text && column.first_number.second == 0) {
      column.first_number = {std::string(cell), line};
    }
  }

  [[noreturn]] void refuse(std::size_t i, std::ptrdiff_t line, const char* expected,
                           std::string_view cell, const char* default_hint = "") const {
    const std::string hint = csv::hint(cell, '\0', cells_.decimal());
    throw FileError(text(file_, ", line ", line, csv::column_text(i, names_), ": expected ",
                         expected, ", found \"", csv::shown_field(cell), '"',
                         hint.empty() ? default_hint : hint));
  }

  std::vector<std::string> names_;
  std::string file_;
  CellReader cells_;
  std::vector<FileColumn> columns_;  // of the file
  bool has_labels_ = false, has_times_ = false;
};

}  // namespace ae::inline AE_ABI::detail

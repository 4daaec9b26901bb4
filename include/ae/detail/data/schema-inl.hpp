#pragma once

#include "ae/detail/core/abi.hpp"

#include <set>

#include "ae/data/schema.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/data/schema_learner.hpp"
#include "ae/detail/data/table_names.hpp"

namespace ae::inline AE_ABI {

namespace detail {

inline csv::RowFormat rows_of(const TableFormat& format) {
  return {format.separator, format.decimal, format.comment};
}

/// Throws OptionError.
inline void require_valid(const TableFormat& format) {
  csv::require_delimiters(format.separator.value_or(format.decimal == ',' ? ';' : ','),
                          format.decimal);
  const char comment = format.comment.value_or('#');
  require<OptionError>(
      comment != format.separator && std::string_view("\"\n\r").find(comment) == std::string::npos,
      "schema: expected a comment mark that is no separator, quote or line's end, found '",
      comment == '\n' || comment == '\r' ? ' ' : comment, '\'');
}

inline bool is_feature(const Column& column) {
  return column.kind == ColumnKind::numeric || column.kind == ColumnKind::categorical;
}

/// Throws OptionError.
inline void require_valid(std::span<const Column> columns) {
  std::set<std::string_view> names;
  Index labels = 0, times = 0, features = 0;
  for (const Column& column : columns) {
    require<OptionError>((column.name.empty() && column.kind == ColumnKind::ignored) ||
                             names.insert(column.name).second,
                         "schema: expected a name for each column, found ", in_quotes(column.name),
                         " twice");
    labels += column.kind == ColumnKind::label;
    times += column.kind == ColumnKind::time;
    features += is_feature(column);
    require<OptionError>(
        column.kind == ColumnKind::time || column.time_format == TimeFormat::either,
        "schema: expected a format of times for columns of times alone, found one for ",
        in_quotes(column.name));
    const auto& texts = column.categories;
    require<OptionError>(
        std::adjacent_find(texts.begin(), texts.end(), std::greater_equal<>()) == texts.end(),
        "schema: expected sorted categories, each once, found others in ", in_quotes(column.name));
  }
  require<OptionError>(labels <= 1 && times <= 1,
                       "schema: expected at most one column of labels and one of times, found ",
                       labels, " and ", times);
  require<OptionError>(features > 0,
                       "schema: expected a numeric or categorical column, found none");
}

}  // namespace detail

AE_HEADER_INLINE Schema::Schema(std::vector<Column> columns, bool has_names, TableFormat format)
    : columns_(std::move(columns)), has_names_(has_names), format_(std::move(format)) {
  detail::require_valid(columns_);
  detail::require_valid(format_);
  Index number = 0;
  for (const Column& column : columns_) {
    const auto width = static_cast<std::size_t>(column.features());
    column_of_feature_.insert(column_of_feature_.end(), width, number);
    if (width > 0) ++number;
  }
}

AE_HEADER_INLINE Schema Schema::learn(const TextFile& file, const SchemaOptions& options) {
  const TableFormat& format = options.format;
  detail::require_valid(format);
  detail::require<OptionError>(options.most_categories > 0,
                               "schema: expected at least one category, found ",
                               options.most_categories);
  detail::csv::Rows rows(file.open(), detail::rows_of(format), file.name());
  detail::require<FileError>(rows.next(), file.name(), ": expected a table, found no row");
  const std::vector<std::string> first(rows.fields().begin(), rows.fields().end());
  const std::vector<std::string_view> fields(first.begin(), first.end());
  const std::ptrdiff_t line = rows.line();
  bool more = rows.next();
  const bool named =
      options.header == csv::Header::detect
          ? detail::first_row_is_names(fields, more ? rows.fields() : detail::csv::Fields{},
                                       format.decimal, file.name())
          : options.header == csv::Header::present;
  detail::require<FileError>(more || !named, file.name(),
                             ": expected a row below the names, found none");
  detail::SchemaLearner learner(
      named ? detail::names_in(fields, file.name()) : detail::numbered_names(first.size()), options,
      file.name());
  if (!named) learner.add(fields, line);
  for (; more; more = rows.next()) {
    rows.require_width(first.size());
    learner.add(rows.fields(), rows.line());
  }
  std::vector<Column> columns = learner.columns();
  detail::require<FileError>(std::any_of(columns.begin(), columns.end(), detail::is_feature),
                             file.name(), ": expected a numeric or categorical column, found none");
  Schema schema(std::move(columns), named, format);
  learner.require_normal_label([&](auto label) { return schema.is_normal(label); });
  return schema;
}

AE_HEADER_INLINE std::vector<std::string> Schema::feature_names() const {
  std::vector<std::string> all;
  for (const Column& column : columns_) {
    if (column.kind == ColumnKind::numeric) all.push_back(column.name);
    if (column.kind != ColumnKind::categorical) continue;
    for (const std::string& text : column.categories) all.push_back(column.name + '=' + text);
    all.push_back(column.name + "=(other)");
  }
  return all;
}

AE_HEADER_INLINE std::vector<std::string> Schema::feature_columns() const {
  std::vector<std::string> all;
  for (const Column& column : columns_) {
    if (detail::is_feature(column)) all.push_back(column.name);
  }
  return all;
}

AE_HEADER_INLINE Matrix<double> Schema::column_sums(const ConstMatrixRef<double>& x) const {
  detail::require_rows(x, features(), "schema");
  const Index count = column_of_feature_.empty() ? 0 : column_of_feature_.back() + 1;
  Matrix<double> sums = Matrix<double>::Zero(count, x.cols());
  for (Index i = 0; i < x.rows(); ++i) {
    sums.row(column_of_feature_[static_cast<std::size_t>(i)]) += x.row(i);
  }
  return sums;
}

AE_HEADER_INLINE std::string Schema::value_text(const ConstMatrixRef<double>& sample,
                                                Index feature_column) const {
  detail::require_rows(sample, features(), "schema");
  Index first = 0;
  for (const Column& column : columns_) {
    if (!detail::is_feature(column)) continue;
    if (feature_column-- > 0) {
      first += column.features();
      continue;
    }
    const auto values = sample.col(0).segment(first, column.features());
    if (values.hasNaN()) return "(missing)";
    if (column.kind == ColumnKind::numeric) return detail::text(values[0]);
    Index most = 0;
    values.maxCoeff(&most);
    const auto i = static_cast<std::size_t>(most);
    return i < column.categories.size() ? column.categories[i] : "(other)";
  }
  detail::fail<ShapeError>({"schema: expected a feature column, found none of this number"});
}

AE_HEADER_INLINE bool Schema::is_normal(std::string_view label) const {
  label = detail::csv::trimmed(label);
  std::vector<std::string> words = format_.normal_labels;
  std::string given(label);
  if (words.empty()) {
    words = {"0", "false", "no", "normal", "benign", "ok", "good"};
    for (char& c : given) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const auto number = detail::csv::number(label);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return given == word || (number && detail::csv::number(word) == number);
  });
}

}  // namespace ae::inline AE_ABI

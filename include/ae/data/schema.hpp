#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/table_format.hpp"
#include "ae/data/text_file.hpp"

namespace ae::inline AE_ABI {

/// What the columns of a table are. A schema is learnt from one table, and finds the columns of
/// others by their names, in any order.
/// ~~~{.cpp}
/// const auto schema = ae::Schema::learn("normal.csv", {.label = "state"});
/// const auto table = ae::Table::read("new.csv", schema);
/// ~~~
/// A column is numeric if all its values are numbers. It is a time if all are dates or moments of
/// ISO 8601 (2026-11-28, 2026-11-28T10:00:00.5Z, 2026-11-28 10:00+01:00; UTC without a zone).
/// Otherwise it is categorical.
///
/// A column is left out, with a note, if it has no name or no value, if it has more than
/// `most_categories` different texts, or if another column gives the times: one that is told to,
/// else the first. `SchemaOptions::kinds` tells what a column is: a categorical one then keeps its
/// most frequent texts, and a time may hold seconds since 1970.
class Schema {
 public:
  /// Without columns.
  Schema() = default;

  /// Reads a file once. Throws FileError, which says where, if the file is no table, a name comes
  /// twice, most values of a column are numbers but not all, numbers have the other decimal sign,
  /// no label is normal, or no column makes features. Throws OptionError for names that the file
  /// does not have and for options that contradict each other.
  static Schema learn(const TextFile& file, const SchemaOptions& options = {});

  /// Throws OptionError unless names come once and categories are sorted, each once; there is at
  /// most one label and one time, and at least one feature; only times have a time format; and
  /// `learn` would take the format.
  Schema(std::vector<Column> columns, bool has_names, TableFormat format);

  const std::vector<Column>& columns() const { return columns_; }
  bool has_names() const { return has_names_; }  ///< false: columns are known by their places
  const TableFormat& format() const { return format_; }

  Index features() const { return static_cast<Index>(column_of_feature_.size()); }

  /// The name of each feature: "pressure", "colour=red", "colour=(other)".
  std::vector<std::string> feature_names() const;

  /// The names of the columns that make features, the *feature columns*.
  std::vector<std::string> feature_columns() const;

  /// For each feature, the number of its column in `feature_columns`.
  const std::vector<Index>& column_of_feature() const { return column_of_feature_; }

  /// For each feature column the sum over its features: from (features x samples) to (feature
  /// columns x samples). Throws ShapeError.
  Matrix<double> column_sums(const ConstMatrixRef<double>& x) const;

  /// What a sample (features) has in a feature column: a number, the category whose feature is the
  /// largest, "(other)" or "(missing)". Throws ShapeError.
  std::string value_text(const ConstMatrixRef<double>& sample, Index feature_column) const;

  /// True for a label of a normal sample.
  bool is_normal(std::string_view label) const;

  bool operator==(const Schema&) const = default;

 private:
  std::vector<Column> columns_;
  bool has_names_ = true;
  TableFormat format_;
  std::vector<Index> column_of_feature_;
};

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/data/schema-inl.hpp"
#endif

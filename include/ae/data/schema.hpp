#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/table_format.hpp"
#include "ae/data/text_file.hpp"

namespace ae::inline AE_ABI {

/// What the columns of a table are: learnt from one, and found in others by their names, whatever
/// their order.
/// ~~~{.cpp}
/// const auto schema = ae::Schema::learn("normal.csv", {.label = "state"});
/// const auto table = ae::Table::read("new.csv", schema);
/// ~~~
/// A column is numeric if all that is there are numbers; a time if all are dates or moments of ISO
/// 8601 (2026-11-28, 2026-11-28T10:00:00.5Z, 2026-11-28 10:00+01:00; UTC without a zone); else
/// categorical. Left out, with a note, are columns without a name or any value, all times but the
/// first, and those of more texts than `most_categories`. Of a column that is told to be
/// categorical the most frequent texts are kept, and one that is told to be a time may hold seconds
/// since 1970.
class Schema {
 public:
  /// Without columns.
  Schema() = default;

  /// Reads a file once. Throws FileError, with line and column, for a text that is no table, names
  /// that come twice, a column of which most are numbers and others not, numbers with a decimal
  /// comma that was not told, labels none of which is normal, and columns none of which makes
  /// features; OptionError for names that are not there and options that contradict each other.
  static Schema learn(const TextFile& file, const SchemaOptions& options = {});

  /// Throws OptionError for names or categories that come twice, more than one label or time, no
  /// features, and a format that `learn` would refuse.
  Schema(std::vector<Column> columns, bool has_names, TableFormat format);

  const std::vector<Column>& columns() const { return columns_; }
  bool has_names() const { return has_names_; }  ///< false: columns are known by their places
  const TableFormat& format() const { return format_; }

  Index features() const { return static_cast<Index>(column_of_feature_.size()); }

  /// "pressure", "colour=red", "colour=(other)" (features).
  std::vector<std::string> feature_names() const;

  /// The names of the columns that make features, the *feature columns*.
  std::vector<std::string> feature_columns() const;

  /// To which of these each feature belongs (features).
  const std::vector<Index>& column_of_feature() const { return column_of_feature_; }

  /// The sum over the features of each column, (features x samples) to (feature columns x samples).
  /// Throws ShapeError.
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

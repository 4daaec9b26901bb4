#pragma once

#include "ae/detail/core/abi.hpp"

#include <memory>

#include "ae/data/schema.hpp"

namespace ae::inline AE_ABI {

/// A table of numbers, categories, times and labels, read by a schema.
/// ~~~{.cpp}
/// const auto table = ae::Table::read("sensors.csv", {.label = "state"});
/// const auto detector = ae::Detector::fit(table);  // of the rows whose label is normal
/// ~~~
struct Table {
  Schema schema;
  Matrix<double> values;            ///< features x samples; NaN: missing
  std::vector<std::string> labels;  ///< samples, or none if the file has no labels; "": missing
  Vector<double> times;      ///< seconds since 1970, NaN: missing (samples); none without times
  std::vector<Index> lines;  ///< where in the file each sample begins, from 1 (samples)

  /// Columns are matched by name, in any order; those of labels and times may be missing. A value
  /// that is missing is NaN, in a categorical column in all of its features. Takes constant memory
  /// beside the values. Throws FileError, with line and column, for a column that is missing or
  /// unknown, a text where a number or a time belongs, a date where seconds since 1970 were learnt
  /// or the other way round, numbers alone in place of categories, rows of different lengths, and a
  /// file without a row.
  static Table read(const TextFile& file, const Schema& schema, const TableOptions& options = {});

  /// Learns the schema, then reads: twice through the file. Throws as both.
  static Table read(const TextFile& file, const SchemaOptions& options);
  static Table read(const TextFile& file) { return read(file, SchemaOptions{}); }

  Index samples() const { return values.cols(); }

  /// Which samples have a label that is not normal's (samples); all false without labels. Throws
  /// DataError, which names the line, where a label is missing.
  Eigen::Array<bool, Eigen::Dynamic, 1> anomalies() const;
};

/// Rows of a table that come line by line, as on standard input: the first names the columns.
/// ~~~{.cpp}
/// ae::TableLines lines(schema, first_line);
/// while (std::getline(std::cin, line)) {
///   if (lines.read(line, row)) std::cout << detector.score(row) << '\n';
/// }
/// ~~~
class TableLines {
 public:
  /// `name` is what errors call the input; `first` is the line of names, behind the comments before
  /// it, if these are to be counted. For a schema without names `first` is a row as well, to
  /// be read like all others; it tells how many columns there are, and their separator where the
  /// schema says none. Throws FileError as `Table::read`.
  TableLines(const Schema& schema, std::string_view first, const std::string& name = "input",
             const TableOptions& options = {});
  TableLines(TableLines&&) noexcept;
  TableLines& operator=(TableLines&&) noexcept;
  ~TableLines();

  /// The features of a line, to x (features). False, and x as it was, for a blank line or a
  /// comment. Throws ShapeError, and FileError as `Table::read`; lines may follow.
  bool read(std::string_view line, Eigen::Ref<Vector<double>> x);

  const std::string& label() const;  ///< of the last row; "": missing
  double time() const;               ///< of the last row, seconds since 1970; NaN: missing
  Index line() const;                ///< the number of the last line, from 1

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/data/table-inl.hpp"
#endif

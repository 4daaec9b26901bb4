#pragma once

#include "ae/detail/core/abi.hpp"

#include <memory>

#include "ae/data/schema.hpp"

namespace ae::inline AE_ABI {

struct TableOptions {
  bool ignore_unknown = false;  ///< columns that the schema does not know are left out
};

/// A table of numbers, categories, times and labels as it was read by a schema.
struct Table {
  Schema schema;
  Matrix<double> values;            ///< features x samples; NaN: missing
  std::vector<std::string> labels;  ///< samples, or none if the file has no labels; "": missing
  Vector<double> times;  ///< seconds since 1970, NaN: missing (samples), or none if it has no times
  std::vector<Index> lines;  ///< where in the file each sample begins, from 1 (samples)

  /// Columns are matched by name, in any order; labels and times may be missing. Memory beside the
  /// values is constant. Throws FileError, with line and column, for a column that is missing or
  /// unknown, for a text among numbers, for numbers alone in place of categories, a row of another
  /// length, or no row.
  static Table read(const TextFile& file, const Schema& schema, const TableOptions& options = {});

  /// Learns the schema, then reads.
  static Table read(const TextFile& file, const SchemaOptions& options);
  static Table read(const TextFile& file) { return read(file, SchemaOptions{}); }

  Index samples() const { return values.cols(); }

  /// Which samples have a label that is not normal's; all false without labels (samples).
  Eigen::Array<bool, Eigen::Dynamic, 1> anomalies() const;
};

/// Rows of a table that come line by line, as on standard input: the first names the columns.
class TableLines {
 public:
  /// Throws FileError as `Table::read`. For a schema without names `first` only says which
  /// separator there is, and is itself a row.
  TableLines(const Schema& schema, std::string_view first, std::string name = "input",
             const TableOptions& options = {});
  ~TableLines();

  /// The features of a line, to x (features). False, and x as it was, for a blank line or a
  /// comment. Throws FileError; lines may follow.
  bool read(std::string_view line, Eigen::Ref<Vector<double>> x);

  const std::string& label() const;  ///< of the last line; "" if it has none
  double time() const;               ///< of the last line; NaN if it has none
  Index line() const;                ///< the number of the last line, from 1

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ae::inline AE_ABI

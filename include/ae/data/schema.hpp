#pragma once

#include "ae/detail/core/abi.hpp"

#include <map>
#include <optional>
#include <vector>

#include "ae/core/types.hpp"
#include "ae/data/csv.hpp"
#include "ae/data/text_file.hpp"

namespace ae::inline AE_ABI {

/// What a column of a table is.
enum class ColumnKind : std::uint8_t {
  numeric,      ///< a feature
  categorical,  ///< a feature for each text that it may be, 1 or 0, and one for all other texts
  time,         ///< a moment; no feature
  label,        ///< what is known of a sample, as that it is normal; no feature
  ignored       ///< left out
};

/// How a schema is learnt.
struct SchemaOptions {
  std::string label = {};  ///< the name of the column of labels; empty: none
  std::vector<std::string> normal_labels =
      {};  ///< what they say of normal samples; none: 0, false, no, normal, benign, ok, good, in
           ///< any case
  std::vector<std::string> ignored = {};         ///< names of columns to be left out
  std::map<std::string, ColumnKind> kinds = {};  ///< of columns for which it is not to be found out
  csv::Header header = csv::Header::detect;
  std::optional<char> separator = {};  ///< comma, semicolon, tab or bar; none: found in each file
  char decimal = '.';                  ///< or ',', which then separates no fields
  std::optional<char> comment = {};    ///< what lines begin with that are left out, as '#'
  std::vector<std::string> missing_marks =
      {};                       ///< texts that mean "missing", beside the usual ones
  bool usual_marks = true;      ///< nothing, NA, N/A, nan, NaN, null, NULL and ? mean it
  Index most_categories = 100;  ///< texts that a categorical column may have
};

/// A column of a table as it was learnt.
struct Column {
  std::string name;  ///< without names in the file "column 1", "column 2", ...
  ColumnKind kind = ColumnKind::numeric;
  std::vector<std::string> categories = {};  ///< of a categorical one, sorted
  std::string note = {};                     ///< why it is left out, where nobody asked for it

  /// How many features it makes: for each category one, and one for texts that are none of them.
  Index features() const;
  bool operator==(const Column&) const = default;
};

/// What the columns of a table are, learnt from one with a line of names and read in others by
/// these names, whatever their order.
///
///     const auto schema = ae::Schema::learn("normal.csv", {.label = "state"});
///     const auto table = ae::Table::read("new.csv", schema);
///
/// A column is numeric if all that is there are numbers; a time if all are dates or moments of ISO
/// 8601 (2026-11-28, 2026-11-28T10:00:00.5Z, 2026-11-28 10:00+01:00; without a zone, UTC), and the
/// first such column is; else categorical. Left out are columns without a name or any value, a
/// second column of times, and one of more texts than `most_categories`, unless its kind is told:
/// then the most frequent are kept. A column that is told to be a time may also hold seconds since
/// 1970. Rows with what is missing are kept.
class Schema {
 public:
  /// Reads all of it once. Throws FileError, with line and column, for a text that is no table, a
  /// name that comes twice, a column in which most are numbers and not all, or numbers with a
  /// decimal comma that was not told; OptionError for names that are not there and options that
  /// contradict each other.
  static Schema learn(const TextFile& file, const SchemaOptions& options = {});

  /// Of what a file says. Throws OptionError for columns without features, names or categories that
  /// come twice, and more than one label or time.
  Schema(std::vector<Column> columns, bool has_names, SchemaOptions format);

  const std::vector<Column>& columns() const { return columns_; }
  bool has_names() const { return has_names_; }  ///< false: columns are known by their places
  const SchemaOptions& format() const { return format_; }  ///< how its files are read

  Index features() const { return features_; }
  /// "pressure", "colour=red", "colour=(other)".
  std::vector<std::string> feature_names() const;

  /// The columns that make features, and which of them each feature belongs to (features).
  std::vector<std::string> feature_columns() const;
  const std::vector<Index>& column_of_feature() const { return column_of_feature_; }

  /// The sum over the features of each column: (features x samples) to (feature columns x samples).
  /// Throws ShapeError.
  Matrix<double> column_sums(const ConstMatrixRef<double>& x) const;

  /// What a sample (features) has in a feature column, as text: a number, the category whose
  /// feature is largest, "(other)" or "(missing)".
  std::string value_text(const ConstMatrixRef<double>& sample, Index feature_column) const;

  /// True for a label of a normal sample.
  bool is_normal(const std::string& label) const;

  bool operator==(const Schema& other) const;

 private:
  std::vector<Column> columns_;
  bool has_names_ = true;
  SchemaOptions format_;
  Index features_ = 0;
  std::vector<Index> column_of_feature_;
};

}  // namespace ae::inline AE_ABI

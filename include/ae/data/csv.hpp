#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/types.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/data/csv_header.hpp"
#include "ae/detail/data/csv_rows.hpp"
#include "ae/detail/data/csv_value.hpp"
#include "ae/detail/data/growing_matrix.hpp"
#include "ae/detail/data/several_files.hpp"

/// Tables of numbers as text: a record is a sample, and its values stand between separators. RFC
/// 4180 for quotes; LF or CRLF; UTF-8. For tables with names, texts, times or missing values there
/// is `ae/data/table.hpp`.
namespace ae::inline AE_ABI::csv {

/// Whether the first line names the columns. `detect`: it does if none of its fields is a number.
/// Rising whole numbers above a fraction, as 2019,2020 above 1.5,2.5, may be either: an error.
enum class Header { detect, present, absent };

/// How the numbers of a file are written.
/// ~~~{.cpp}
/// const auto table = ae::csv::read("european.csv", {.separator = ';', .decimal = ','});
/// ~~~
struct Options {
  char separator = ',';  ///< or ';', '|', or a tab
  Header header = Header::detect;
  char decimal = '.';  ///< or ',', whatever the locale
};

/// What a file holds.
/// ~~~{.cpp}
/// const ae::csv::Table<float> table = ae::csv::read("sensors.csv");
/// std::cout << table.columns.size() << " names, " << table.values.cols() << " samples\n";
/// ~~~
template <class Scalar = float>
struct Table {
  std::vector<std::string> columns;  ///< their names; empty if the file has none
  Matrix<Scalar> values;             ///< features x samples
};

}  // namespace ae::inline AE_ABI::csv

namespace ae::inline AE_ABI::detail::csv {

/// Throws OptionError.
inline void require_delimiters(char separator, char decimal) {
  require<OptionError>(std::string_view(",;\t|").find(separator) != std::string_view::npos,
                       "expected a comma, a semicolon or a tab as separator (or a bar), found '",
                       separator, '\'');
  require<OptionError>(decimal == '.' || decimal == ',',
                       "expected a point or a comma as decimal sign, found '", decimal, '\'');
  require<OptionError>(separator != decimal,
                       "expected a separator other than the decimal sign, found '", decimal,
                       "' for both");
}

/// Reads all rows, the first as the options say. Throws as `parse` does.
template <class Scalar>
ae::csv::Table<Scalar> read_table(Rows& rows, const ae::csv::Options& options) {
  using ae::csv::Header;
  ae::csv::Table<Scalar> table;
  bool more = rows.next();
  const std::size_t width = rows.fields().size();
  const bool detect = options.header == Header::detect;
  const bool ambiguous = more && detect && may_be_header(rows.fields(), options.decimal);
  if (more &&
      (detect ? is_header(rows.fields(), options.decimal) : options.header == Header::present)) {
    table.columns.assign(rows.fields().begin(), rows.fields().end());
    more = rows.next();
  }
  GrowingMatrix<Scalar> values(static_cast<Index>(width));
  for (; more; more = rows.next()) {
    rows.require_width(width);
    auto sample = values.add();
    for (std::size_t i = 0; i < width; ++i) {
      sample[static_cast<Index>(i)] = value<Scalar>(rows, i, table.columns, options.decimal);
    }
    // Only the second row of numbers tells what the first line was.
    require<FileError>(
        !ambiguous || values.cols() != 2 || (sample.array() == sample.array().floor()).all(),
        rows.name(), csv::may_be_names);
  }
  require<FileError>(values.cols() > 0, rows.name(), ": expected a line of numbers, found none");
  table.values = values.take();
  return table;
}

}  // namespace ae::inline AE_ABI::detail::csv

namespace ae::inline AE_ABI::csv {

/// Reads a text, which errors call `name`. Throws OptionError for another separator or decimal
/// sign, FileError, which names line and column (both counted from 1), for a field that is no
/// finite number, an empty one too, for rows of different lengths, for bytes that are no text in
/// UTF-8, and for a text without a row of numbers.
/// ~~~{.cpp}
/// const auto table = ae::csv::parse("a,b\n1,2\n3,4\n");
/// ~~~
template <class Scalar = float>
Table<Scalar> parse(std::string_view text, const Options& options = {},
                    const std::string& name = "CSV") {
  detail::csv::require_delimiters(options.separator, options.decimal);
  detail::csv::Rows rows(detail::bytes_of_text(text), {options.separator, options.decimal}, name);
  return detail::csv::read_table<Scalar>(rows, options);
}

/// Reads a file, in constant memory beside the values. Throws as `parse` does.
/// ~~~{.cpp}
/// const ae::Matrix<float> x = ae::csv::read("sensors.csv").values;
/// ~~~
template <class Scalar = float>
Table<Scalar> read(const TextFile& file, const Options& options = {}) {
  detail::csv::require_delimiters(options.separator, options.decimal);
  detail::csv::Rows rows(file.open(), {options.separator, options.decimal}, file.name());
  return detail::csv::read_table<Scalar>(rows, options);
}

/// Reads several files as one table. Throws as `parse` does, and FileError for a file whose columns
/// differ from the first's.
template <class Scalar = float>
Table<Scalar> read(const Paths& paths, const Options& options = {}) {
  detail::require_files(paths);
  Table<Scalar> all = read<Scalar>(paths.front(), options);
  for (std::size_t i = 1; i < paths.size(); ++i) {
    const Table<Scalar> next = read<Scalar>(paths[i], options);
    detail::require<FileError>(
        next.values.rows() == all.values.rows() && next.columns == all.columns,
        detail::path_text(paths[i]), ": expected the columns of ", detail::path_text(paths.front()),
        ", ", all.values.rows(), " of the same names, found ", next.values.rows(), " that differ");
    const Index before = all.values.cols();
    all.values.conservativeResize(Eigen::NoChange, before + next.values.cols());
    all.values.rightCols(next.values.cols()) = next.values;
  }
  return all;
}

}  // namespace ae::inline AE_ABI::csv

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/types.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/data/csv_rows.hpp"
#include "ae/detail/data/several_files.hpp"

/// Tables of numbers as text: a line is a sample, and its values stand between separators. RFC 4180
/// for quotes; LF or CRLF; numbers with a decimal point, whatever the locale.
namespace ae::inline AE_ABI::csv {

/// Whether the first line names the columns. `detect`: it does if none of its fields is a number.
enum class Header { detect, present, absent };

struct Options {
  char separator = ',';  ///< or ';', or a tab
  Header header = Header::detect;
};

/// What a file holds.
template <class Scalar = float>
struct Table {
  std::vector<std::string> columns;  ///< their names; empty if the file has none
  Matrix<Scalar> values;             ///< features x samples
};

}  // namespace ae::inline AE_ABI::csv

namespace ae::inline AE_ABI::detail::csv {

inline bool is_header(std::span<const std::string> fields, ae::csv::Header header) {
  if (header != ae::csv::Header::detect) return header == ae::csv::Header::present;
  return std::none_of(fields.begin(), fields.end(), number) &&
         !std::all_of(fields.begin(), fields.end(), is_blank);
}

}  // namespace ae::inline AE_ABI::detail::csv

namespace ae::inline AE_ABI::csv {

/// A text; `name` is what errors call it. Throws OptionError for another separator, FileError,
/// which names line and column (both counted from 1), for a field that is no finite number, an
/// empty one too, for rows of different lengths, and for a text without a row of numbers.
template <class Scalar = float>
Table<Scalar> parse(std::string_view text, const Options& options = {},
                    const std::string& name = "CSV") {
  detail::require<OptionError>(
      std::string_view(",;\t").find(options.separator) != std::string_view::npos,
      "expected a comma, a semicolon or a tab as separator, found '", options.separator, '\'');
  detail::csv::Rows rows(text, options.separator, name);
  Table<Scalar> table;
  bool more = rows.next();
  const std::size_t width = rows.fields().size();
  if (more && detail::csv::is_header(rows.fields(), options.header)) {
    table.columns.assign(rows.fields().begin(), rows.fields().end());
    more = rows.next();
  }
  std::vector<Scalar> values;
  for (; more; more = rows.next()) {
    const std::size_t found = rows.fields().size();
    if (found != width) rows.fail(": expected ", width, " values, found ", found);
    for (std::size_t i = 0; i < width; ++i) values.push_back(detail::csv::value<Scalar>(rows, i));
  }
  detail::require<FileError>(!values.empty(), name, ": expected a line of numbers, found none");
  const auto features = static_cast<Index>(width);
  table.values = Eigen::Map<const Matrix<Scalar>>(values.data(), features,
                                                  static_cast<Index>(values.size()) / features);
  return table;
}

/// A file. Throws as `parse` does.
template <class Scalar = float>
Table<Scalar> read(const std::filesystem::path& path, const Options& options = {}) {
  return parse<Scalar>(read_file(path), options, detail::path_text(path));
}

/// Several files as one table. Throws as `parse` does, and FileError for a file of other columns
/// than the first's.
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

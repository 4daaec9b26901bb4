#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/table.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/data/table_columns.hpp"

namespace ae::inline AE_ABI {

namespace detail {

/// Of a file whose first row was read.
inline TableColumns columns_of(const csv::Rows& rows, const Schema& schema,
                               const TableOptions& options) {
  return {schema,
          schema.has_names() ? names_in(rows.fields(), rows.name()) : std::vector<std::string>(),
          rows.fields().size(), rows.name(), options};
}

}  // namespace detail

AE_HEADER_INLINE Table Table::read(const TextFile& file, const Schema& schema,
                                   const TableOptions& options) {
  detail::csv::Rows rows(file.open(), detail::rows_of(schema.format()), file.name());
  bool more = rows.next();
  detail::require<FileError>(more, file.name(), ": expected a table, found no row");
  const std::size_t width = rows.fields().size();
  detail::TableColumns columns = detail::columns_of(rows, schema, options);
  if (schema.has_names()) more = rows.next();

  Table table{schema, {}, {}, {}, {}};
  detail::GrowingMatrix<double> values(schema.features());
  std::vector<double> times;
  for (detail::TableColumns::Row row; more; more = rows.next()) {
    rows.require_width(width);
    columns.read(rows.fields(), rows.line(), values.add().data(), row);
    if (columns.has_labels()) table.labels.push_back(row.label);
    if (columns.has_times()) times.push_back(row.time);
    table.lines.push_back(rows.line());
  }
  detail::require<FileError>(values.cols() > 0, file.name(),
                             ": expected a row below the names, found none");
  columns.require_texts();
  table.values = values.take();
  table.times = Eigen::Map<const Vector<double>>(times.data(), static_cast<Index>(times.size()));
  return table;
}

AE_HEADER_INLINE Table Table::read(const TextFile& file, const SchemaOptions& options) {
  return read(file, Schema::learn(file, options));
}

AE_HEADER_INLINE Eigen::Array<bool, Eigen::Dynamic, 1> Table::anomalies() const {
  Eigen::Array<bool, Eigen::Dynamic, 1> odd = decltype(odd)::Constant(samples(), false);
  for (std::size_t j = 0; j < labels.size(); ++j) {
    detail::require<DataError>(!labels[j].empty(), "table, line ", lines[j],
                               ": expected a label, found none");
    odd[static_cast<Index>(j)] = !schema.is_normal(labels[j]);
  }
  return odd;
}

struct TableLines::State {
  detail::csv::Rows rows;
  std::size_t width;
  detail::TableColumns columns;
  detail::TableColumns::Row row;
  Index features;
};

AE_HEADER_INLINE TableLines::TableLines(const Schema& schema, std::string_view first,
                                        const std::string& name, const TableOptions& options) {
  detail::csv::Rows rows(detail::bytes_of_text(first), detail::rows_of(schema.format()), name);
  detail::require<FileError>(rows.next(), name, ": expected a line of columns, found a blank one");
  auto columns = detail::columns_of(rows, schema, options);
  const std::size_t width = rows.fields().size();
  state_ = std::make_unique<State>(
      State{std::move(rows), width, std::move(columns), {}, schema.features()});
  if (!schema.has_names()) state_->rows.restart();
}

AE_HEADER_INLINE TableLines::TableLines(TableLines&&) noexcept = default;
AE_HEADER_INLINE TableLines& TableLines::operator=(TableLines&&) noexcept = default;
AE_HEADER_INLINE TableLines::~TableLines() = default;

AE_HEADER_INLINE bool TableLines::read(std::string_view line, Eigen::Ref<Vector<double>> x) {
  auto& [rows, width, columns, row, features] = *state_;
  detail::require_rows(x, features, "table");
  rows.set_line(line);
  if (!rows.next()) return false;
  rows.require_width(width);
  columns.read(rows.fields(), rows.line(), x.data(), row);
  return true;
}

AE_HEADER_INLINE const std::string& TableLines::label() const {
  return state_->row.label;
}

AE_HEADER_INLINE double TableLines::time() const {
  return state_->row.time;
}

AE_HEADER_INLINE Index TableLines::line() const {
  return state_->rows.line();
}

}  // namespace ae::inline AE_ABI

#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/detail/data/csv_number.hpp"
#include "ae/detail/data/csv_rows.hpp"

/// The numbers of a row.
namespace ae::inline AE_ABI::detail::csv {

/// Where in a row a field is, as messages say it: by its number and, if there are names, its name.
inline std::string column_text(std::size_t column, std::span<const std::string> names) {
  if (column >= names.size()) return text(", column ", column + 1);
  return text(", column ", column + 1, " (\"", shown_field(names[column]), "\")");
}

/// The value of a field. Throws FileError.
template <class Scalar>
Scalar value(const Rows& rows, std::size_t column, std::span<const std::string> names, char point) {
  const std::string_view field = rows.fields()[column];
  const std::optional<double> found = number(field, point);
  const auto value = static_cast<Scalar>(found.value_or(0));
  if (found && std::isfinite(value)) return value;
  const std::string where = column_text(column, names);
  if (is_blank(field)) rows.fail(where, ": expected a number, found nothing");
  if (found) {
    rows.fail(where, ": expected a finite number of ", 8 * sizeof(Scalar), " bits, found \"",
              shown_field(field), '"');
  }
  rows.fail(where, ": expected a number, found \"", shown_field(field), '"',
            hint(field, rows.separator(), point));
}

}  // namespace ae::inline AE_ABI::detail::csv

#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "ae/data/table_format.hpp"

namespace ae::inline AE_ABI::detail {

/// Reads the cells of a table: a number, or a mark that says that the value is missing.
class CellReader {
 public:
  explicit CellReader(const TableFormat& format) : decimal_(format.decimal) {
    constexpr std::array usual{"", "NA", "N/A", "nan", "NaN", "null", "NULL", "?"};
    if (format.usual_marks) text_marks_.assign(usual.begin(), usual.end());
    for (const std::string& mark : format.missing_marks) {
      const auto value = csv::number(mark, decimal_);
      if (value && std::isfinite(*value)) {
        number_marks_.push_back(*value);
      } else {
        text_marks_.emplace_back(csv::trimmed(mark));
      }
    }
  }

  char decimal() const { return decimal_; }

  /// The number in a cell without blanks around it; none for what is no number, or marks a missing
  /// value.
  std::optional<double> number(std::string_view cell) const {
    if (number_marks_.empty()) {  // none that a number could be
      if (const auto found = csv::short_number(cell, decimal_)) return found;
    }
    const auto found = csv::number(cell, decimal_);
    if (!found || std::isnan(*found) || is_mark(*found)) return {};
    if (!std::isfinite(*found) && is_mark(cell)) return {};
    return found;
  }

  /// True for a cell without blanks around it that says that its value is missing.
  bool is_missing(std::string_view cell) const {
    if (is_mark(cell)) return true;
    const auto found = number_marks_.empty() ? std::nullopt : csv::number(cell, decimal_);
    return found && is_mark(*found);
  }

 private:
  bool is_mark(std::string_view cell) const {
    return std::find(text_marks_.begin(), text_marks_.end(), cell) != text_marks_.end();
  }
  bool is_mark(double value) const {
    return std::find(number_marks_.begin(), number_marks_.end(), value) != number_marks_.end();
  }

  char decimal_;
  std::vector<std::string> text_marks_;
  std::vector<double> number_marks_;
};

}  // namespace ae::inline AE_ABI::detail

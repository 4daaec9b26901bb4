#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>
#include <cmath>

#include "ae/data/table_format.hpp"

namespace ae::inline AE_ABI::detail {

/// The number in a cell, or that its value is missing.
class CellReader {
 public:
  explicit CellReader(const TableFormat& format) : point_(format.decimal) {
    constexpr std::array usual{"", "NA", "N/A", "nan", "NaN", "null", "NULL", "?"};
    if (format.usual_marks) texts_.assign(usual.begin(), usual.end());
    for (const std::string& mark : format.missing_marks) {
      const auto value = csv::number(mark, point_);
      if (value && std::isfinite(*value)) {
        numbers_.push_back(*value);
      } else {
        texts_.emplace_back(csv::trimmed(mark));
      }
    }
  }

  char point() const { return point_; }

  /// The number in a cell without blanks around it that means nothing else.
  std::optional<double> number(std::string_view cell) const {
    if (numbers_.empty()) {
      if (const auto found = csv::short_number(cell, point_)) return found;
    }
    const auto found = csv::number(cell, point_);
    if (!found || std::isnan(*found) || is_mark(*found)) return {};
    if (!std::isfinite(*found) && is_mark(cell)) return {};
    return found;
  }

  /// True for a cell without blanks around it that says that its value is missing.
  bool is_missing(std::string_view cell) const {
    if (is_mark(cell)) return true;
    const auto found = numbers_.empty() ? std::nullopt : csv::number(cell, point_);
    return found && is_mark(*found);
  }

 private:
  bool is_mark(std::string_view cell) const {
    return std::find(texts_.begin(), texts_.end(), cell) != texts_.end();
  }
  bool is_mark(double value) const {
    return std::find(numbers_.begin(), numbers_.end(), value) != numbers_.end();
  }

  char point_;
  std::vector<std::string> texts_;
  std::vector<double> numbers_;
};

}  // namespace ae::inline AE_ABI::detail

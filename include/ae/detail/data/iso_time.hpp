#pragma once

#include "ae/detail/core/abi.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace ae::inline AE_ABI::detail {

/// Reads the parts of a text from its beginning.
class TextScan {
 public:
  explicit TextScan(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }

  /// True, and past it, if one of these letters comes next.
  bool accept(std::string_view letters) {
    if (text_.empty() || letters.find(text_[0]) == letters.npos) return false;
    text_.remove_prefix(1);
    return true;
  }

  /// A number of so many digits, from 0 to `most`.
  std::optional<int> digits(std::size_t count, int most) {
    int value = 0;
    if (text_.size() < count) return {};
    for (std::size_t i = 0; i < count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return {};
      value = 10 * value + (text_[i] - '0');
    }
    if (value > most) return {};
    text_.remove_prefix(count);
    return value;
  }

  /// The digits of a fraction, at least one.
  std::optional<double> fraction() {
    constexpr std::size_t most = 15;  // more do not count
    double value = 0, unit = 1;
    std::size_t count = 0;
    for (; count < text_.size() && text_[count] >= '0' && text_[count] <= '9'; ++count) {
      if (count >= most) continue;
      value = 10 * value + (text_[count] - '0');
      unit *= 10;
    }
    if (count == 0) return {};
    text_.remove_prefix(count);
    return value / unit;
  }

 private:
  std::string_view text_;
};

/// Seconds of a time of day: hh:mm, hh:mm:ss, or with a fraction behind a point or comma.
inline std::optional<double> parse_time_of_day(TextScan& scan) {
  const auto hours = scan.digits(2, 23);
  if (!hours || !scan.accept(":")) return {};
  const auto minutes = scan.digits(2, 59);
  if (!minutes) return {};
  double seconds = 3600.0 * *hours + 60.0 * *minutes;
  if (!scan.accept(":")) return seconds;
  const auto whole = scan.digits(2, 60);  // with a leap second
  if (!whole) return {};
  seconds += *whole;
  if (!scan.accept(".,")) return seconds;
  const auto part = scan.fraction();
  return part ? std::optional(seconds + *part) : std::nullopt;
}

/// Seconds that a zone is ahead of UTC: Z, +hh, +hhmm or +hh:mm; none is UTC.
inline std::optional<double> parse_zone(TextScan& scan) {
  if (scan.at_end() || scan.accept("Zz")) return 0;
  const bool ahead = scan.accept("+");
  if (!ahead && !scan.accept("-")) return {};
  const auto hours = scan.digits(2, 23);
  if (!hours) return {};
  const bool parted = scan.accept(":");
  const auto minutes = scan.at_end() && !parted ? 0 : scan.digits(2, 59);
  if (!minutes) return {};
  return (ahead ? 60.0 : -60.0) * (60 * *hours + *minutes);
}

/// The seconds from the beginning of 1970, UTC, to a date or moment of ISO 8601 with dashes and
/// colons; nothing if a text is none.
inline std::optional<double> parse_iso_time(std::string_view text) {
  namespace chrono = std::chrono;
  TextScan scan(text);
  const auto year = scan.digits(4, 9999);
  if (!year || !scan.accept("-")) return {};
  const auto month = scan.digits(2, 12);
  if (!month || !scan.accept("-")) return {};
  const auto day = scan.digits(2, 31);
  if (!day) return {};
  const chrono::year_month_day date{chrono::year(*year), chrono::month(unsigned(*month)),
                                    chrono::day(unsigned(*day))};
  if (!date.ok()) return {};
  const auto days = chrono::sys_days(date).time_since_epoch().count();
  const double midnight = 86400.0 * static_cast<double>(days);
  if (scan.at_end()) return midnight;
  if (!scan.accept("Tt ")) return {};
  const auto time = parse_time_of_day(scan);
  if (!time) return {};
  const auto ahead = parse_zone(scan);
  if (!ahead || !scan.at_end()) return {};
  return midnight + *time - *ahead;
}

}  // namespace ae::inline AE_ABI::detail

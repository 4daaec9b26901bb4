#include "detect/verdicts.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

#include "common/svg.hpp"

namespace examples {
namespace {

using ae::Index;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<Index, 3> none = {-1, -1, -1};

/// The largest shares first, without those that are nothing.
std::vector<Index> largest(const Eigen::Ref<const ae::Vector<double>>& shares, Index most) {
  std::vector<Index> order(static_cast<std::size_t>(shares.size()));
  std::iota(order.begin(), order.end(), Index{0});
  const auto count = std::min<std::ptrdiff_t>(most, shares.size());
  std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](Index a, Index b) {
    return shares[a] > shares[b] || (shares[a] == shares[b] && a < b);
  });
  order.resize(static_cast<std::size_t>(count));
  std::erase_if(order, [&](Index i) { return !(shares[i] > 0); });
  return order;
}

ae::Matrix<double> columns(const ae::Matrix<double>& rows, const std::vector<Index>& numbers) {
  ae::Matrix<double> some(rows.rows(), static_cast<Index>(numbers.size()));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    some.col(static_cast<Index>(i)) = rows.col(numbers[i]);
  }
  return some;
}

void name_columns(std::vector<Verdict>& all, const std::vector<Index>& numbers,
                  const ae::Detector& detector, const ae::Matrix<double>& rows) {
  if (numbers.empty()) return;
  const ae::Matrix<double> shares =
      detector.schema()->column_sums(detector.explain(columns(rows, numbers)).shares);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::ranges::copy(largest(shares.col(static_cast<Index>(i)), 3),
                      all[static_cast<std::size_t>(numbers[i])].columns.begin());
  }
}

void append(std::string& text, double number) {
  if (std::isnan(number)) return;
  char digits[32];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, number, std::chars_format::general, 6).ptr;
  text.append(digits, end);
}

void append_field(std::string& text, const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) {
    text += field;
    return;
  }
  text += '"';
  for (const char letter : field) text.append(letter == '"' ? 2 : 1, letter);
  text += '"';
}

}  // namespace

std::vector<Verdict> judge(const ae::Detector& detector, const ae::Matrix<double>& rows,
                           Explained explained) {
  std::vector<Verdict> all(static_cast<std::size_t>(rows.cols()), {nan, nan, true, none});
  std::vector<Index> there, odd;
  for (Index i = 0; i < rows.cols(); ++i) {
    if (!rows.col(i).array().isNaN().all()) there.push_back(i);
  }
  if (there.empty()) return all;
  const bool whole = there.size() == all.size();
  const ae::Vector<double> scores = detector.score(whole ? rows : columns(rows, there));
  const ae::Vector<double> p = detector.p_values_of(scores);
  for (std::size_t i = 0; i < there.size(); ++i) {
    const auto at = static_cast<Index>(i);
    const bool anomaly = !(scores[at] <= detector.threshold());
    all[static_cast<std::size_t>(there[i])] = {scores[at], p[at], anomaly, none};
    if (anomaly) odd.push_back(there[i]);
  }
  if (explained != Explained::none) {
    name_columns(all, explained == Explained::all ? there : odd, detector, rows);
  }
  return all;
}

void append_line(std::string& text, Index row, const Verdict& verdict,
                 const std::vector<std::string>& columns) {
  text += std::to_string(row) + ',';
  append(text, verdict.score);
  text += ',';
  append(text, verdict.p_value);
  text += verdict.anomaly ? ",1" : ",0";
  for (const Index column : verdict.columns) {
    text += ',';
    if (column >= 0) append_field(text, columns[static_cast<std::size_t>(column)]);
  }
  text += '\n';
}

std::vector<std::vector<OddValue>> explain(const ae::Detector& detector,
                                           const ae::Matrix<double>& rows, Index most) {
  const ae::Schema& schema = *detector.schema();
  const std::vector<std::string> names = schema.feature_columns();
  const auto& owners = schema.column_of_feature();
  const auto& scaler = detector.model().scaler();
  const ae::Explanation found = detector.explain(rows);
  const ae::Matrix<double> shares = schema.column_sums(found.shares);
  std::vector<std::vector<OddValue>> all;
  for (Index j = 0; j < rows.cols(); ++j) {
    all.emplace_back();
    for (const Index column : largest(shares.col(j), most)) {
      const auto first = static_cast<Index>(std::ranges::find(owners, column) - owners.begin());
      const bool number = std::ranges::count(owners, column) == 1;
      const auto text = [&](const auto& sample) {
        return number ? shown(sample[first], 5) : schema.value_text(sample, column);
      };
      const auto at = [&](double value) {
        return number ? (value - double(scaler.center()[first])) / double(scaler.divisors()[first])
                      : nan;
      };
      all.back().push_back({names[static_cast<std::size_t>(column)], text(rows.col(j)),
                            text(found.expected.col(j)), shares(column, j), at(rows(first, j)),
                            at(found.expected(first, j))});
    }
  }
  return all;
}

}  // namespace examples

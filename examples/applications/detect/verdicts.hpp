#pragma once

#include <ae/tools/detector.hpp>
#include <array>
#include <string>
#include <vector>

#include "detect/pictures.hpp"

namespace examples {

/// What a detector says of a row.
struct Verdict {
  double score, p_value;             ///< NaN for a row without any value
  bool anomaly;                      ///< true for such a row too
  std::array<ae::Index, 3> columns;  ///< the feature columns that matter most, or -1
};

enum class Explained { all, anomalies, none };

/// Of rows (features x rows). Which columns matter is said of all, of anomalies, or of none.
std::vector<Verdict> judge(const ae::Detector& detector, const ae::Matrix<double>& rows,
                           Explained explained);

/// The first line of a table of verdicts.
inline constexpr const char* verdict_columns =
    "row,score,p_value,anomaly,feature_1,feature_2,feature_3\n";

/// Appends a line; rows are counted from 1.
void append_line(std::string& text, ae::Index row, const Verdict& verdict,
                 const std::vector<std::string>& columns);

/// The columns of some rows that matter most, at most so many of each, the most important first.
std::vector<std::vector<OddValue>> explain(const ae::Detector& detector,
                                           const ae::Matrix<double>& rows, ae::Index most);

}  // namespace examples

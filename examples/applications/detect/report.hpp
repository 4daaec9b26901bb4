#pragma once

#include <ae/tools/detector.hpp>
#include <filesystem>
#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "detect/verdicts.hpp"

namespace examples {

using Json = nlohmann::ordered_json;

/// What came of a fit: prints it, and writes a histogram of the clean scores and summary.json.
void report_fit(const ae::Detector& detector, const ae::Table& table, double false_alarms,
                std::ostream& out, const std::filesystem::path& folder, Json summary);

/// Rows of a table with what was said of them.
struct Scored {
  const ae::Table& table;
  std::vector<Verdict> verdicts;
};

/// What came of a scoring: prints it, and writes the pictures and summary.json into the folder,
/// unless that is empty.
void report_score(const ae::Detector& detector, const Scored& scored, std::ostream& out,
                  const std::filesystem::path& folder, Json summary);

/// Prints what is odd about a row, counted from 0, in at most so many columns.
void report_row(const ae::Detector& detector, const ae::Table& table, ae::Index row, ae::Index most,
                std::ostream& out);

}  // namespace examples

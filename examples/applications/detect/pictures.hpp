#pragma once

#include <ae/core/types.hpp>
#include <filesystem>
#include <string>
#include <vector>

/// The pictures of `detect`, as SVG. All throw ae::FileError.
namespace examples {

/// Scores of one kind.
struct ScoreGroup {
  std::string label;
  std::string colour;
  std::vector<double> scores;
};

/// How often each score comes, as a share of its group.
void write_histogram(const std::filesystem::path& path, const std::vector<ScoreGroup>& groups,
                     double threshold);

/// The highest score of every few rows, in their order; rows that are known to be odd are marked.
/// `odd` may be empty.
void write_timeline(const std::filesystem::path& path, const std::vector<double>& scores,
                    const std::vector<bool>& odd, double threshold);

/// Both curves, with the place of the threshold on them.
void write_roc(const std::filesystem::path& path, const std::vector<double>& normal,
               const std::vector<double>& odd, double threshold);
void write_precision_recall(const std::filesystem::path& path, const std::vector<double>& normal,
                            const std::vector<double>& odd, double threshold);

/// What was found and expected in a column; in deviations from its center too, or NaN where it is
/// no number.
struct OddValue {
  std::string column, found, expected;
  double share;
  double found_at, expected_at;
};

struct OddRow {
  std::string title;
  std::vector<OddValue> values;
};

void write_odd_rows(const std::filesystem::path& path, const std::string& title,
                    const std::vector<OddRow>& rows);

}  // namespace examples

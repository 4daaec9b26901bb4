#include "detect/report.hpp"

#include <ae/core/file.hpp>
#include <ae/data/ranking.hpp>
#include <ae/tools/threshold.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <ostream>

#include "common/svg.hpp"

namespace examples {
namespace {

namespace fs = std::filesystem;
using ae::Index;
using Values = std::vector<double>;

constexpr const char* blue = "#1f5fa8";
constexpr const char* green = "#2e8b57";
constexpr const char* red = "#c0392b";

std::string percent(double share) {
  return shown(100 * share, 3) + " %";
}

void write_summary(const fs::path& folder, const Json& summary) {
  ae::write_file(summary.dump(2) + '\n', folder / "summary.json");
}

Values clean_scores(const ae::Detector& detector) {
  return {detector.clean_scores().begin(), detector.clean_scores().end()};
}

const char* name_of(ae::ColumnKind kind) {
  switch (kind) {
    case ae::ColumnKind::numeric:
      return "numeric";
    case ae::ColumnKind::categorical:
      return "categorical";
    case ae::ColumnKind::time:
      return "time";
    case ae::ColumnKind::label:
      return "label";
    case ae::ColumnKind::ignored:
      break;
  }
  return "ignored";
}

/// Whether a feature's values rise from row to row, as numbers of the rows do.
bool rises(const ae::Matrix<double>& values, Index feature) {
  for (Index i = 1; i < values.cols(); ++i) {
    if (!(values(feature, i) > values(feature, i - 1))) return false;
  }
  return values.cols() > 1;
}

/// Says what each column is, but of numeric ones how many there are.
void print_columns(const ae::Table& table, std::ostream& out) {
  using enum ae::ColumnKind;
  const ae::Schema& schema = table.schema;
  Index numeric_columns = 0, feature = 0;
  for (const ae::Column& column : schema.columns()) {
    numeric_columns += column.kind == numeric;
    if (column.kind == numeric && rises(table.values, feature)) {
      out << "  " << column.name << ": numeric, and it rises from row to row\n"
          << "    if it only numbers the rows, --ignore '" << column.name
          << "' leaves it out; new numbers are outside all that was learnt\n";
    }
    feature += column.features();
    if (column.kind == categorical) {
      out << "  " << column.name << ": categorical, " << column.categories.size() << " texts\n";
      if (2 * static_cast<Index>(column.categories.size()) > table.samples()) {
        out << "    nearly every row has its own; if these only name the rows, --ignore '"
            << column.name << "' leaves them out\n";
      }
      if (std::ranges::any_of(column.categories,
                              [&](const auto& text) { return schema.is_normal(text); })) {
        out << "    its texts look like labels; if they say which rows are anomalies, --label '"
            << column.name << "' leaves these out\n";
      }
    } else if (column.kind != numeric) {
      out << "  " << column.name << ": " << name_of(column.kind)
          << (column.note.empty() ? "" : ", " + column.note) << '\n';
    }
  }
  out << "  " << numeric_columns << " numeric columns\n";
}

/// What labels say of scores.
struct Labelled {
  Values normal, odd;
  Index unknown = 0;  ///< rows without a label or a score

  bool both() const { return !normal.empty() && !odd.empty(); }
};

Labelled by_label(const Scored& scored) {
  Labelled found;
  for (std::size_t i = 0; i < scored.verdicts.size(); ++i) {
    const double score = scored.verdicts[i].score;
    const std::string& label = scored.table.labels[i];
    if (std::isnan(score) || label.empty()) {
      ++found.unknown;
    } else {
      (scored.table.schema.is_normal(label) ? found.normal : found.odd).push_back(score);
    }
  }
  return found;
}

double share_above(const Values& scores, double threshold) {
  const auto above = std::ranges::count_if(scores, [&](double s) { return s > threshold; });
  return static_cast<double>(above) / static_cast<double>(scores.size());
}

void measure(const Labelled& found, double threshold, std::ostream& out, Json& summary) {
  const double roc = ae::area_under_curve(found.normal, found.odd);
  const double precision = ae::average_precision(found.normal, found.odd);
  const auto count = static_cast<Index>(found.odd.size());
  const double at = ae::precision_at(found.normal, found.odd, count);
  const ae::BestF1 best = ae::best_f1(found.normal, found.odd);
  out << "labels: " << found.normal.size() << " normal rows, of which "
      << percent(share_above(found.normal, threshold)) << " are above the threshold, and " << count
      << " anomalies, of which " << percent(share_above(found.odd, threshold))
      << " are\narea under the ROC curve " << shown(roc) << ", average precision "
      << shown(precision) << ", precision at " << count << ' ' << shown(at, 3) << ", best F1 "
      << shown(best.f1, 3) << " at a threshold of " << shown(best.threshold, 4) << '\n';
  summary["labels"] = {{"normal", found.normal.size()},
                       {"anomalies", count},
                       {"unknown", found.unknown},
                       {"normal_above", share_above(found.normal, threshold)},
                       {"anomalies_above", share_above(found.odd, threshold)},
                       {"area_under_roc", roc},
                       {"average_precision", precision},
                       {"precision_at_anomalies", at},
                       {"best_f1", best.f1},
                       {"best_f1_threshold", best.threshold}};
}

/// The oddest row of each run of rows above the threshold, the oddest run first.
std::vector<Index> oddest_rows(const std::vector<Verdict>& verdicts, std::size_t most) {
  const auto score = [&](Index row) { return verdicts[static_cast<std::size_t>(row)].score; };
  std::vector<Index> peaks;
  Index last = -2;
  for (Index row = 0; row < static_cast<Index>(verdicts.size()); ++row) {
    const Verdict& verdict = verdicts[static_cast<std::size_t>(row)];
    if (!verdict.anomaly || std::isnan(verdict.score)) continue;
    if (row > last + 1) {
      peaks.push_back(row);
    } else if (verdict.score > score(peaks.back())) {
      peaks.back() = row;
    }
    last = row;
  }
  std::ranges::stable_sort(peaks, [&](Index a, Index b) { return score(a) > score(b); });
  peaks.resize(std::min(most, peaks.size()));
  return peaks;
}

std::string title_of(const Scored& scored, Index row) {
  const auto at = static_cast<std::size_t>(row);
  const Verdict& verdict = scored.verdicts[at];
  std::string title = "row " + std::to_string(row + 1) + ", line " +
                      std::to_string(scored.table.lines[at]) + ": score " +
                      shown(verdict.score, 4) + ", p = " + shown(verdict.p_value, 2);
  if (!scored.table.labels.empty() && !scored.table.labels[at].empty()) {
    title += ", labelled " + scored.table.labels[at];
  }
  return title;
}

void draw_oddest(const ae::Detector& detector, const Scored& scored, const fs::path& folder) {
  const std::vector<Index> picks = oddest_rows(scored.verdicts, 10);
  ae::Matrix<double> some(detector.features(), static_cast<Index>(picks.size()));
  for (std::size_t i = 0; i < picks.size(); ++i) {
    some.col(static_cast<Index>(i)) = scored.table.values.col(picks[i]);
  }
  std::vector<OddRow> rows;
  if (!picks.empty()) {
    auto values = explain(detector, some, 3);
    for (std::size_t i = 0; i < picks.size(); ++i) {
      rows.push_back({title_of(scored, picks[i]), std::move(values[i])});
    }
  }
  write_odd_rows(folder / "oddest.svg",
                 rows.empty() ? "No row is above the threshold"
                              : "The oddest rows; of odd rows next to each other, the oddest one",
                 rows);
}

void draw(const ae::Detector& detector, const Scored& scored,
          const std::optional<Labelled>& labelled, const fs::path& folder) {
  const double threshold = detector.threshold();
  Values all;
  for (const Verdict& verdict : scored.verdicts) all.push_back(verdict.score);
  std::vector<ScoreGroup> groups = {{"clean rows, held out", blue, clean_scores(detector)}};
  std::vector<bool> odd;
  if (labelled && labelled->both()) {
    groups.push_back({"rows labelled normal", green, labelled->normal});
    groups.push_back({"rows labelled anomalies", red, labelled->odd});
    for (const std::string& label : scored.table.labels) {
      odd.push_back(!label.empty() && !scored.table.schema.is_normal(label));
    }
    write_roc(folder / "roc.svg", labelled->normal, labelled->odd, threshold);
    write_precision_recall(folder / "precision_recall.svg", labelled->normal, labelled->odd,
                           threshold);
  } else {
    groups.push_back({"new rows", red, all});
  }
  write_histogram(folder / "histogram.svg", groups, threshold);
  write_timeline(folder / "timeline.svg", all, odd, threshold);
  draw_oddest(detector, scored, folder);
}

}  // namespace

void report_fit(const ae::Detector& detector, const ae::Table& table, double false_alarms,
                std::ostream& out, const fs::path& folder, Json summary) {
  const Values clean = clean_scores(detector);
  const auto odd = table.anomalies();
  out << "learnt " << table.samples() - odd.count() << " rows of " << detector.features()
      << " features";
  if (odd.any()) out << "; " << odd.count() << " that are labelled as anomalies are left out";
  out << '\n';
  print_columns(table, out);

  summary["rows"] = table.samples();
  summary["left_out"] = odd.count();
  summary["features"] = detector.features();
  for (const ae::Column& column : table.schema.columns()) {
    summary["columns"][column.name] = name_of(column.kind);
  }
  summary["held_out"] = clean.size();
  summary["threshold"] = detector.threshold();
  const auto lowest = 1 / (static_cast<double>(clean.size()) + 1);
  const double rate = std::max(false_alarms, lowest * (1 + 1e-9));
  const ae::AlarmThreshold alarms = ae::alarm_threshold(clean, rate);
  out << "threshold " << shown(detector.threshold()) << ": of normal rows like these, "
      << percent(alarms.rate) << " are expected above it (with 95 % confidence from "
      << percent(alarms.low) << " to " << percent(alarms.high) << "), by " << clean.size()
      << " rows that were held out\n";
  if (false_alarms < lowest) {
    out << "  " << percent(false_alarms) << " of false alarms were asked for, which takes "
        << std::ceil(5 * (1 / false_alarms - 1)) << " rows to learn from\n";
  }
  summary["false_alarms"] = {{"wanted", false_alarms},
                             {"expected", alarms.rate},
                             {"low", alarms.low},
                             {"high", alarms.high}};
  std::vector<ScoreGroup> groups = {{"clean rows, held out", blue, clean}};
  if (odd.any()) {
    ae::Matrix<double> rows(detector.features(), odd.count());
    for (Index i = 0, next = 0; i < table.samples(); ++i) {
      if (odd[i]) rows.col(next++) = table.values.col(i);
    }
    Labelled found{.normal = clean, .odd = {}};
    for (const Verdict& verdict : judge(detector, rows, Explained::none)) {
      if (!std::isnan(verdict.score)) found.odd.push_back(verdict.score);
    }
    if (found.both()) {
      measure(found, detector.threshold(), out, summary);
      out << "  of the rows that were held out beside all anomalies; where anomalies are rarer, "
             "precision is lower\n";
    }
    groups.push_back({"anomalies that were left out", red, found.odd});
  }
  write_histogram(folder / "histogram.svg", groups, detector.threshold());
  write_summary(folder, summary);
}

namespace {

/// The column that leads most anomalies, and texts that are none of those that were learnt: these
/// tell whether a table is like the one that was learnt at all.
void print_causes(const Scored& scored, const std::vector<std::string>& columns,
                  std::ostream& out) {
  std::vector<Index> led(columns.size());
  for (const Verdict& verdict : scored.verdicts) {
    if (verdict.anomaly && verdict.columns[0] >= 0) {
      ++led[static_cast<std::size_t>(verdict.columns[0])];
    }
  }
  const auto most = std::ranges::max_element(led);
  if (most != led.end() && *most > 0) {
    out << "  " << columns[static_cast<std::size_t>(most - led.begin())] << " leads " << *most
        << " of these\n";
  }
  Index feature = 0;
  for (const ae::Column& column : scored.table.schema.columns()) {
    feature += column.features();
    if (column.kind != ae::ColumnKind::categorical) continue;
    const Index other = (scored.table.values.row(feature - 1).array() == 1).count();
    if (other > 0) {
      out << "  " << column.name << ": " << other
          << " rows have a text that is none of those learnt\n";
    }
  }
}

}  // namespace

void report_score(const ae::Detector& detector, const Scored& scored, std::ostream& out,
                  const fs::path& folder, Json summary) {
  const auto anomalies = std::ranges::count_if(scored.verdicts, &Verdict::anomaly);
  const auto empty = std::ranges::count_if(
      scored.verdicts, [](const Verdict& verdict) { return std::isnan(verdict.score); });
  const auto rows = static_cast<double>(scored.verdicts.size());
  out << scored.verdicts.size() << " rows, of which " << anomalies << " ("
      << percent(static_cast<double>(anomalies) / rows) << ") are above the threshold of "
      << shown(detector.threshold()) << '\n';
  print_causes(scored, detector.schema()->feature_columns(), out);
  if (empty > 0) out << empty << " of these have no values at all, and no score\n";
  summary["rows"] = scored.verdicts.size();
  summary["anomalies"] = anomalies;
  summary["empty_rows"] = empty;
  summary["threshold"] = detector.threshold();

  std::optional<Labelled> labelled;
  if (!scored.table.labels.empty()) {
    labelled = by_label(scored);
    if (labelled->both()) {
      measure(*labelled, detector.threshold(), out, summary);
    } else {
      out << "labels: " << labelled->normal.size() << " normal rows and " << labelled->odd.size()
          << " anomalies, so there are no curves; --normal says which labels normal rows have\n";
    }
  }
  if (folder.empty()) return;
  if (static_cast<double>(empty) < rows) draw(detector, scored, labelled, folder);
  write_summary(folder, summary);
}

void report_row(const ae::Detector& detector, const ae::Table& table, Index row, Index most,
                std::ostream& out) {
  const ae::Matrix<double> one = table.values.col(row);
  const Scored scored{table, judge(detector, one, Explained::none)};
  const Verdict& verdict = scored.verdicts.front();
  out << "row " << row + 1 << ", line " << table.lines[static_cast<std::size_t>(row)];
  if (std::isnan(verdict.score)) {
    out << ": no values at all, which counts as an anomaly\n";
    return;
  }
  out << ": score " << shown(verdict.score) << (verdict.anomaly ? " above" : ", not above")
      << " the threshold of " << shown(detector.threshold()) << "; " << percent(verdict.p_value)
      << " of normal rows are at least as odd\n";
  const std::vector<OddValue> values = explain(detector, one, most).front();
  std::size_t width = 6;
  for (const OddValue& value : values) width = std::max(width, value.column.size());
  const auto cell = [&](const std::string& text, std::size_t size) {
    out << std::string(size - std::min(size, text.size()), ' ') << text;
  };
  out << "column" << std::string(width - 6, ' ') << "      share         found      expected\n";
  for (const OddValue& value : values) {
    out << value.column << std::string(width - value.column.size(), ' ');
    cell(shown(100 * value.share, 3) + " %", 11);
    cell(value.found, 14);
    cell(value.expected, 14);
    out << '\n';
  }
}

}  // namespace examples

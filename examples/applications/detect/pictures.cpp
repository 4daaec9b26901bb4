#include "detect/pictures.hpp"

#include <ae/data/quantile.hpp>
#include <ae/data/ranking.hpp>
#include <algorithm>
#include <cmath>

#include "common/svg.hpp"

namespace examples {
namespace {

namespace fs = std::filesystem;
using Values = std::vector<double>;

constexpr const char* blue = "#1f5fa8";
constexpr const char* red = "#c0392b";

/// Where numbers lie in a picture.
struct Frame {
  double width = 720, height = 400;
  double x_low, x_high, y_low, y_high;
  double left = 64, right = 16, top = 40, bottom = 52;

  double x(double value) const {
    return left + (value - x_low) / (x_high - x_low) * (width - left - right);
  }
  double y(double value) const {
    return height - bottom - (value - y_low) / (y_high - y_low) * (height - top - bottom);
  }
};

Svg begin(const Frame& frame, const std::string& title, const std::string& across,
          const std::string& upwards) {
  Svg svg(frame.width, frame.height);
  const double right = frame.width - frame.right, bottom = frame.height - frame.bottom;
  svg.text(frame.left, 20, "start", title, "#000", 14);
  svg.text(frame.left, 35, "start", upwards);
  svg.text(right, frame.height - 12, "end", across);
  for (const double value : round_steps(frame.y_low, frame.y_high)) {
    svg.line(frame.left, frame.y(value), right, frame.y(value), "#ddd");
    svg.text(frame.left - 8, frame.y(value) + 4, "end", shown(value));
  }
  for (const double value : round_steps(frame.x_low, frame.x_high)) {
    svg.line(frame.x(value), bottom, frame.x(value), bottom + 4, "#888");
    svg.text(frame.x(value), bottom + 18, "middle", shown(value));
  }
  svg.line(frame.left, bottom, right, bottom, "#888");
  return svg;
}

Values finite(const Values& scores) {
  Values found;
  std::ranges::copy_if(scores, std::back_inserter(found),
                       [](double s) { return std::isfinite(s); });
  return found;
}

/// From the lowest score to the highest, without the few that are far above all others.
std::pair<double, double> range(const Values& scores, double threshold) {
  const double low = ae::quantile(scores, 0), most = ae::quantile(scores, 1);
  const double typical = ae::quantile(scores, 0.5);
  const double far = std::max(threshold + 3 * (threshold - typical),
                              1.5 * ae::quantile(scores, 0.98) - 0.5 * typical);
  const double high = std::max(std::min(most, far), threshold);
  const double margin = 0.03 * (high - low) + 1e-9;
  return {low - margin, high + margin};
}

/// From `top` down, which is below what else is written there.
void draw_threshold(Svg& svg, const Frame& frame, double threshold, double top) {
  const double x = frame.x(threshold);
  const bool left = x > 0.55 * frame.width;  // of the line, its name
  svg.line(x, top, x, frame.height - frame.bottom, "#000", true);
  svg.text(x + (left ? -6 : 6), top + 10, left ? "end" : "start",
           "threshold " + shown(threshold, 3), "#000");
}

/// Shares of the scores in bins; scores beyond the last are counted in it.
Values shares(const Values& scores, const Frame& frame, std::size_t bins) {
  Values found(bins, 0.0);
  for (const double score : scores) {
    const double at = (score - frame.x_low) / (frame.x_high - frame.x_low) * double(bins);
    found[static_cast<std::size_t>(std::clamp(at, 0.0, double(bins) - 1))] +=
        1 / static_cast<double>(scores.size());
  }
  return found;
}

void draw_bins(Svg& svg, const Frame& frame, const Values& found, const std::string& colour) {
  const double width = (frame.x_high - frame.x_low) / static_cast<double>(found.size());
  std::vector<std::pair<double, double>> steps;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double left = frame.x(frame.x_low + static_cast<double>(i) * width);
    const double right = frame.x(frame.x_low + static_cast<double>(i + 1) * width);
    const double top = frame.y(found[i]);
    svg.box(left, top, right - left, frame.y(0) - top, colour, 0.15);
    steps.emplace_back(left, top);
    steps.emplace_back(right, top);
  }
  svg.curve(steps, colour);
}

/// A square, for curves from 0 to 1.
Frame unit_frame() {
  return {.width = 440, .height = 460, .x_low = 0, .x_high = 1, .y_low = 0, .y_high = 1.0};
}

struct Point {
  double threshold, x, y;
};

/// The name of the threshold's place is written below it or, by a negative `down`, above.
void draw_curve(Svg& svg, const Frame& frame, const std::vector<Point>& points, double threshold,
                double down) {
  std::vector<std::pair<double, double>> line;
  const Point* at = nullptr;
  for (const Point& point : points) {
    const std::pair place(frame.x(point.x), frame.y(point.y));
    const bool near = !line.empty() && std::hypot(place.first - line.back().first,
                                                  place.second - line.back().second) < 0.5;
    if (!near || &point == &points.back()) line.push_back(place);
    if (point.threshold > threshold) at = &point;
  }
  svg.curve(line, blue);
  if (!at) return;
  svg.dot(frame.x(at->x), frame.y(at->y), 4, red);
  const bool left = at->x > 0.6;
  svg.text(frame.x(at->x) + (left ? -8 : 8), frame.y(at->y) + down, left ? "end" : "start",
           "threshold " + shown(threshold, 3), red);
}

constexpr double row_height = 19;

/// From 4 deviations below the center of normal values to 4 above it: what was found, and expected.
void draw_strip(Svg& svg, double left, double width, double y, const OddValue& value) {
  if (!std::isfinite(value.found_at) && !std::isfinite(value.expected_at)) return;
  constexpr double most = 4;
  const auto x = [&](double at) {
    return left + (std::clamp(at, -most, most) + most) / (2 * most) * width;
  };
  svg.box(x(-most), y - 5, width, 2, "#ddd");
  svg.box(x(-2), y - 7, x(2) - x(-2), 6, "#cfdcea");
  if (std::isfinite(value.expected_at)) svg.dot(x(value.expected_at), y - 4, 4, blue, false);
  if (std::isfinite(value.found_at)) svg.dot(x(value.found_at), y - 4, 4, red);
}

}  // namespace

void write_histogram(const fs::path& path, const std::vector<ScoreGroup>& groups,
                     double threshold) {
  Values all;
  std::vector<Values> found;
  for (const ScoreGroup& group : groups) {
    found.push_back(finite(group.scores));
    all.insert(all.end(), found.back().begin(), found.back().end());
  }
  const auto [low, high] = range(all, threshold);
  Frame frame{.x_low = low, .x_high = high, .y_low = 0, .y_high = 0};
  std::vector<Values> bins;
  for (const Values& scores : found) {
    bins.push_back(shares(scores, frame, 60));
    frame.y_high = std::max(frame.y_high, 1.05 * std::ranges::max(bins.back()));
  }
  const bool cut = ae::quantile(all, 1) > frame.x_high;
  Svg svg = begin(
      frame, "Scores",
      std::string("score: the higher, the odder") + (cut ? "; the last bar has all beyond it" : ""),
      "share of the rows");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    draw_bins(svg, frame, bins[i], groups[i].colour);
    svg.text(frame.width - frame.right - 8, frame.top + 10 + 16 * static_cast<double>(i), "end",
             groups[i].label + " (" + std::to_string(groups[i].scores.size()) + ')',
             groups[i].colour);
  }
  draw_threshold(svg, frame, threshold, frame.top + 16 * static_cast<double>(groups.size()));
  svg.write(path);
}

void write_timeline(const fs::path& path, const Values& scores, const std::vector<bool>& odd,
                    double threshold) {
  const auto [low, high] = range(finite(scores), threshold);
  const auto count = static_cast<double>(scores.size());
  const Frame frame{.width = 960,
                    .height = 300,
                    .x_low = 0,
                    .x_high = std::max(count, 2.0),
                    .y_low = std::min(low, 0.0),
                    .y_high = high};
  Svg svg = begin(frame, "Scores of the rows in their order", "row", "score");
  const auto last = static_cast<std::size_t>(frame.width - frame.left - frame.right);
  const double floor = frame.height - frame.bottom;
  for (std::size_t pixel = 0; pixel < last; ++pixel) {
    const auto at = [&](std::size_t p) { return p * scores.size() / last; };
    const std::size_t first = at(pixel), end = std::max(at(pixel + 1), first + 1);
    double most = frame.y_low;
    bool known = false;
    for (std::size_t i = first; i < end; ++i) {
      most = std::max(most, std::isfinite(scores[i]) ? scores[i] : high);
      known = known || (!odd.empty() && odd[i]);
    }
    const double x = frame.left + static_cast<double>(pixel);
    const double top = frame.y(std::min(most, high));
    if (known) svg.box(x, frame.top, 1, floor - frame.top, "#f6d9b0");
    svg.box(x, top, 1, floor - top, most > threshold ? red : "#9db7d4");
  }
  svg.line(frame.left, frame.y(threshold), frame.width - frame.right, frame.y(threshold), "#000",
           true);
  double right = frame.width - frame.right;
  if (!odd.empty()) {
    svg.text(right, 35, "end", "labelled as anomalies", "#b8791f");
    right -= 150;
  }
  svg.text(right, 35, "end", "above the threshold of " + shown(threshold, 3), red);
  svg.write(path);
}

void write_roc(const fs::path& path, const Values& normal, const Values& odd, double threshold) {
  const Frame frame = unit_frame();
  Svg svg = begin(frame, "ROC curve, area " + shown(ae::area_under_curve(normal, odd), 4),
                  "normal rows above a threshold, share", "anomalies above that threshold, share");
  svg.line(frame.x(0), frame.y(0), frame.x(1), frame.y(1), "#aaa", true);
  std::vector<Point> points;
  for (const ae::RocPoint& point : ae::roc_curve(normal, odd)) {
    points.push_back({point.threshold, point.false_positives, point.true_positives});
  }
  draw_curve(svg, frame, points, threshold, 16);
  svg.write(path);
}

void write_precision_recall(const fs::path& path, const Values& normal, const Values& odd,
                            double threshold) {
  const Frame frame = unit_frame();
  const double average = ae::average_precision(normal, odd);
  Svg svg = begin(frame, "Precision and recall, average precision " + shown(average, 4),
                  "recall: anomalies above a threshold, share",
                  "precision: anomalies among the rows above it, share");
  const double share =
      static_cast<double>(odd.size()) / static_cast<double>(odd.size() + normal.size());
  svg.line(frame.x(0), frame.y(share), frame.x(1), frame.y(share), "#aaa", true);
  std::vector<Point> points;
  for (const ae::PrecisionRecallPoint& point : ae::precision_recall_curve(normal, odd)) {
    points.push_back({point.threshold, point.recall, point.precision});
  }
  draw_curve(svg, frame, points, threshold, -8);
  svg.write(path);
}

void write_odd_rows(const fs::path& path, const std::string& title,
                    const std::vector<OddRow>& rows) {
  constexpr double width = 860, left = 24;
  constexpr double share = 250, found = 500, expected = 590, strip = 630, strip_width = 200;
  double height = 78;
  for (const OddRow& row : rows) {
    height += 34 + row_height * static_cast<double>(row.values.size());
  }
  Svg svg(width, height);
  svg.text(left, 24, "start", title, "#000", 14);
  svg.text(share, 50, "start", "share of the network's score");
  svg.text(found, 50, "end", "found", red);
  svg.text(expected, 50, "end", "expected", blue);
  svg.text(width - left, 50, "end", "4 deviations below normal to 4 above");
  double y = 78;
  for (const OddRow& row : rows) {
    svg.line(left, y - 18, width - left, y - 18, "#ddd");
    svg.text(left, y, "start", row.title, "#000");
    y += row_height;
    for (const OddValue& value : row.values) {
      svg.text(left + 12, y, "start", value.column);
      svg.box(share, y - 9, std::max(1.0, 90 * value.share), 10, "#d98880");
      svg.text(share + 96 * std::max(value.share, 0.05) + 4, y, "start",
               shown(100 * value.share, 3) + " %");
      svg.text(found, y, "end", value.found, red);
      svg.text(expected, y, "end", value.expected, blue);
      draw_strip(svg, strip, strip_width, y, value);
      y += row_height;
    }
    y += 34 - row_height;
  }
  svg.write(path);
}

}  // namespace examples

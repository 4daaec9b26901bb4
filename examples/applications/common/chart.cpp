#include "common/chart.hpp"

#include <algorithm>
#include <cmath>

#include "common/svg.hpp"

namespace examples {
namespace {

bool can_be_shown(double value) {
  return value > 0 && std::isfinite(value);
}

/// Where values lie in the picture.
struct Frame {
  double width = 720, height = 400, left = 64, right = 16, top = 40, bottom = 44;
  double low = 1, high = 10, last = 0;

  double x(double epoch) const {
    return left + epoch / std::max(last, 1.0) * (width - left - right);
  }
  double y(double value) const {
    const double share = std::log(value / low) / std::log(high / low);
    return height - bottom - share * (height - top - bottom);
  }
};

Frame fit_frame(const std::vector<Series>& series) {
  std::vector<double> shown;
  Frame frame;
  for (const Series& line : series) {
    std::ranges::copy_if(line.values, std::back_inserter(shown), can_be_shown);
    frame.last = std::max(frame.last, static_cast<double>(line.values.size()) - 1);
  }
  if (shown.empty()) return frame;
  const auto [low, high] = std::ranges::minmax(shown);
  frame.low = low * 0.95;
  frame.high = std::max(high * 1.05, low * 1.1);
  return frame;
}

/// 1, 2 and 5 times the powers of ten; where these are too few, numbers in steps of one size.
std::vector<double> round_numbers(double low, double high) {
  std::vector<double> found;
  for (double power = std::pow(10, std::floor(std::log10(low))); power < high; power *= 10) {
    for (const double value : {power, 2 * power, 5 * power}) {
      if (value >= low && value <= high) found.push_back(value);
    }
  }
  return found.size() > 2 ? found : round_steps(low, high);
}

void add_grid(Svg& svg, const Frame& frame) {
  for (const double value : round_numbers(frame.low, frame.high)) {
    const double y = frame.y(value);
    svg.line(frame.left, y, frame.width - frame.right, y, "#ddd");
    svg.text(frame.left - 8, y + 4, "end", shown(value, 6));
  }
  svg.text(frame.left, frame.height - 14, "middle", "0");
  if (frame.last < 1) return;
  svg.text(frame.width - frame.right, frame.height - 14, "end", "epoch " + shown(frame.last, 6));
}

void add_line(Svg& svg, const Frame& frame, const Series& line) {
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    const double value = line.values[i], x = frame.x(static_cast<double>(i));
    if (!can_be_shown(value)) continue;
    if (line.values.size() == 1) svg.dot(x, frame.y(value), 3, line.colour);
    points.emplace_back(x, frame.y(value));
  }
  svg.curve(points, line.colour);
}

}  // namespace

void write_chart(const std::filesystem::path& path, const std::string& title,
                 const std::vector<Series>& series) {
  const Frame frame = fit_frame(series);
  Svg svg(frame.width, frame.height);
  svg.text(frame.left, 22, "start", title, "#000");
  add_grid(svg, frame);
  double legend = frame.top + 8;
  for (const Series& line : series) {
    add_line(svg, frame, line);
    if (line.label.empty()) continue;
    svg.text(frame.width - frame.right - 8, legend, "end", line.label, line.colour);
    legend += 16;
  }
  svg.write(path);
}

}  // namespace examples

#include "common/chart.hpp"

#include <ae/core/file.hpp>
#include <algorithm>
#include <cmath>
#include <sstream>

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
  if (found.size() > 2) return found;
  const double wanted = (high - low) / 4, power = std::pow(10, std::floor(std::log10(wanted)));
  const double factor = wanted < 2 * power ? 1 : wanted < 5 * power ? 2 : 5;
  found.clear();
  for (double i = std::ceil(low / (factor * power)); i * factor * power <= high; ++i) {
    found.push_back(i * factor * power);
  }
  return found;
}

void add_text(std::ostream& svg, double x, double y, const char* anchor, const std::string& text,
              const std::string& colour = "#444") {
  svg << "<text x='" << x << "' y='" << y << "' text-anchor='" << anchor << "' fill='" << colour
      << "'>" << text << "</text>\n";
}

void add_grid(std::ostream& svg, const Frame& frame) {
  for (const double value : round_numbers(frame.low, frame.high)) {
    svg << "<path d='M" << frame.left << ' ' << frame.y(value) << 'H' << frame.width - frame.right
        << "' stroke='#ddd'/>\n";
    std::ostringstream number;
    number << value;
    add_text(svg, frame.left - 8, frame.y(value) + 4, "end", number.str());
  }
  add_text(svg, frame.left, frame.height - 14, "middle", "0");
  if (frame.last < 1) return;
  std::ostringstream last;
  last << "epoch " << frame.last;
  add_text(svg, frame.width - frame.right, frame.height - 14, "end", last.str());
}

void add_line(std::ostream& svg, const Frame& frame, const Series& line) {
  std::ostringstream points;
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    const double value = line.values[i], x = frame.x(static_cast<double>(i));
    if (!can_be_shown(value)) continue;
    if (line.values.size() == 1) {
      svg << "<circle cx='" << x << "' cy='" << frame.y(value) << "' r='3' fill='" << line.colour
          << "'/>\n";
    }
    points << x << ',' << frame.y(value) << ' ';
  }
  svg << "<polyline fill='none' stroke-width='1.6' stroke='" << line.colour << "' points='"
      << points.str() << "'/>\n";
}

}  // namespace

void write_chart(const std::filesystem::path& path, const std::string& title,
                 const std::vector<Series>& series) {
  const Frame frame = fit_frame(series);
  std::ostringstream svg;
  svg << "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 " << frame.width << ' '
      << frame.height << "' font-family='sans-serif' font-size='12'>\n"
      << "<rect width='100%' height='100%' fill='white'/>\n";
  add_text(svg, frame.left, 22, "start", title, "#000");
  add_grid(svg, frame);
  double legend = frame.top + 8;
  for (const Series& line : series) {
    add_line(svg, frame, line);
    if (line.label.empty()) continue;
    add_text(svg, frame.width - frame.right - 8, legend, "end", line.label, line.colour);
    legend += 16;
  }
  ae::write_file(svg.str() + "</svg>\n", path);
}

}  // namespace examples

#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "ae/core/file.hpp"

/// Line charts as SVG, with a logarithmic vertical axis.
namespace examples {

struct Series {
  std::string label;
  std::string colour;
  std::vector<double> values;  ///< one for each epoch
};

namespace detail {

struct Frame {
  double width = 720, height = 400, left = 64, right = 16, top = 40, bottom = 44;
  double low = 1, high = 10, last = 1;

  double x(double epoch) const { return left + epoch / last * (width - left - right); }
  double y(double value) const {
    const double share = std::log(std::clamp(value, low, high) / low) / std::log(high / low);
    return height - bottom - share * (height - top - bottom);
  }
};

inline Frame fit_frame(const std::vector<Series>& series) {
  Frame frame{.low = 1e300, .high = 0, .last = 1};
  for (const Series& line : series) {
    for (const double value : line.values) {
      if (!(value > 0) || !std::isfinite(value)) continue;
      frame.low = std::min(frame.low, value);
      frame.high = std::max(frame.high, value);
    }
    frame.last = std::max(frame.last, static_cast<double>(line.values.size()) - 1);
  }
  frame.high = std::max(frame.high * 1.05, frame.low * 1.1);
  frame.low *= 0.95;
  return frame;
}

inline std::string tag(double x, double y, const char* anchor, const std::string& label,
                       const std::string& colour = "#444") {
  return ae::detail::text("<text x='", x, "' y='", y, "' text-anchor='", anchor, "' fill='", colour,
                          "'>", label, "</text>\n");
}

/// Lines at 1, 2 and 5 times the powers of ten.
inline std::string horizontal_grid(const Frame& frame) {
  std::string svg;
  for (double power = std::pow(10, std::floor(std::log10(frame.low))); power < frame.high;
       power *= 10) {
    for (const double value : {power, 2 * power, 5 * power}) {
      if (value < frame.low || value > frame.high) continue;
      svg += ae::detail::text("<path d='M", frame.left, ' ', frame.y(value), "H",
                              frame.width - frame.right, "' stroke='#ddd'/>\n");
      svg += tag(frame.left - 8, frame.y(value) + 4, "end", ae::detail::text(value));
    }
  }
  return svg;
}

inline std::string polyline(const Frame& frame, const Series& line) {
  std::string points;
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    points += ae::detail::text(frame.x(static_cast<double>(i)), ',', frame.y(line.values[i]), ' ');
  }
  return ae::detail::text("<polyline fill='none' stroke-width='1.6' stroke='", line.colour,
                          "' points='", points, "'/>\n");
}

}  // namespace detail

/// Writes the series over the epochs. Throws ae::FileError.
inline void write_chart(const std::filesystem::path& path, const std::string& title,
                        const std::vector<Series>& series) {
  const detail::Frame frame = detail::fit_frame(series);
  std::string svg =
      ae::detail::text("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ", frame.width, ' ',
                       frame.height, "' font-family='sans-serif' font-size='12'>\n",
                       "<rect width='100%' height='100%' fill='white'/>\n");
  svg += detail::tag(frame.left, 22, "start", title, "#000");
  svg += detail::horizontal_grid(frame);
  svg += detail::tag(frame.left, frame.height - 14, "middle", "0");
  svg += detail::tag(frame.width - frame.right, frame.height - 14, "end",
                     ae::detail::text("epoch ", frame.last));
  double legend = frame.top + 8;
  for (const Series& line : series) {
    svg += detail::polyline(frame, line);
    if (line.label.empty()) continue;
    svg += detail::tag(frame.width - frame.right - 8, legend, "end", line.label, line.colour);
    legend += 16;
  }
  ae::write_file(svg + "</svg>\n", path);
}

}  // namespace examples

#pragma once

#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace examples {

/// A picture that grows by what is drawn on it, on white, in pixels from the upper left corner.
class Svg {
 public:
  Svg(double width, double height);

  /// `anchor`: start, middle or end. Characters that have a meaning in XML are written as such.
  void text(double x, double y, const char* anchor, const std::string& text,
            const std::string& colour = "#444", double size = 12);
  void line(double x0, double y0, double x1, double y1, const std::string& colour,
            bool dashed = false);
  void box(double x, double y, double width, double height, const std::string& colour,
           double opacity = 1);
  void dot(double x, double y, double radius, const std::string& colour, bool filled = true);
  void curve(const std::vector<std::pair<double, double>>& points, const std::string& colour);

  /// Throws ae::FileError.
  void write(const std::filesystem::path& path) const;

 private:
  std::ostringstream svg_;
};

/// Numbers between both, in steps of 1, 2 or 5 times a power of ten.
std::vector<double> round_steps(double low, double high);

/// As a person would write it, with so many digits that count.
std::string shown(double number, int digits = 4);

}  // namespace examples

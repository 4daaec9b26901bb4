#include "common/svg.hpp"

#include <ae/core/file.hpp>
#include <cmath>

namespace examples {
namespace {

std::string escaped(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      default:
        result += static_cast<unsigned char>(letter) < ' ' ? ' ' : letter;
    }
  }
  return result;
}

}  // namespace

Svg::Svg(double width, double height) {
  svg_.precision(5);
  svg_ << "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 " << width << ' ' << height
       << "' font-family='sans-serif' font-size='12'>\n"
       << "<style>rect { shape-rendering: crispEdges }</style>\n"
       << "<rect width='100%' height='100%' fill='white'/>\n";
}

void Svg::text(double x, double y, const char* anchor, const std::string& text,
               const std::string& colour, double size) {
  svg_ << "<text x='" << x << "' y='" << y << "' text-anchor='" << anchor << "' fill='" << colour
       << '\'';
  if (size != 12) svg_ << " font-size='" << size << '\'';
  svg_ << '>' << escaped(text) << "</text>\n";
}

void Svg::line(double x0, double y0, double x1, double y1, const std::string& colour, bool dashed) {
  svg_ << "<path d='M" << x0 << ' ' << y0 << 'L' << x1 << ' ' << y1 << "' stroke='" << colour
       << '\'' << (dashed ? " stroke-dasharray='5 4'" : "") << "/>\n";
}

void Svg::box(double x, double y, double width, double height, const std::string& colour,
              double opacity) {
  svg_ << "<rect x='" << x << "' y='" << y << "' width='" << width << "' height='" << height
       << "' fill='" << colour << "'";
  if (opacity < 1) svg_ << " fill-opacity='" << opacity << '\'';
  svg_ << "/>\n";
}

void Svg::dot(double x, double y, double radius, const std::string& colour, bool filled) {
  svg_ << "<circle cx='" << x << "' cy='" << y << "' r='" << radius << "' fill='"
       << (filled ? colour : "white") << '\'';
  if (!filled) svg_ << " stroke-width='1.6' stroke='" << colour << '\'';
  svg_ << "/>\n";
}

void Svg::curve(const std::vector<std::pair<double, double>>& points, const std::string& colour) {
  svg_ << "<polyline fill='none' stroke-width='1.6' stroke='" << colour << "' points='";
  for (const auto& [x, y] : points) svg_ << x << ',' << y << ' ';
  svg_ << "'/>\n";
}

void Svg::write(const std::filesystem::path& path) const {
  ae::write_file(svg_.str() + "</svg>\n", path);
}

std::vector<double> round_steps(double low, double high) {
  const double wanted = (high - low) / 4, power = std::pow(10, std::floor(std::log10(wanted)));
  const double factor = wanted < 2 * power ? 1 : wanted < 5 * power ? 2 : 5;
  std::vector<double> found;
  for (double i = std::ceil(low / (factor * power)); i * factor * power <= high; ++i) {
    found.push_back(i * factor * power);
  }
  return found;
}

std::string shown(double number, int digits) {
  std::ostringstream out;
  out.precision(digits);
  out << number;
  return out.str();
}

}  // namespace examples

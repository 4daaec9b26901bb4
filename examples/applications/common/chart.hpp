#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Line charts as SVG, with a logarithmic vertical axis.
namespace examples {

struct Series {
  std::string label;
  std::string colour;
  std::vector<double> values;  ///< one for each epoch; a single one is drawn as a point
};

/// Writes the series over the epochs. Values that a logarithm cannot show are left out. Throws
/// ae::FileError.
void write_chart(const std::filesystem::path& path, const std::string& title,
                 const std::vector<Series>& series);

}  // namespace examples

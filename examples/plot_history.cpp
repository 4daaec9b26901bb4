// Draws the loss of several runs of cifar_horse in one chart:
//     plot_history chart.svg tutorial/history.csv ... default/history.csv
// The column next_batch_loss is drawn in gray where a file has it, else data_loss in blue.

#include <fstream>
#include <iostream>
#include <sstream>

#include "chart.hpp"

namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

examples::Series read_history(const std::string& path) {
  std::istringstream in(ae::read_file(path));
  std::string line;
  std::getline(in, line);
  const auto names = split(line);
  const bool tutorial = names.back() == "next_batch_loss";
  const std::size_t column = tutorial ? names.size() - 1 : 1;
  examples::Series series{"", tutorial ? "#999999" : "#1f5fa8", {}};
  while (std::getline(in, line)) series.values.push_back(std::stod(split(line).at(column)));
  return series;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: plot_history CHART.svg HISTORY.csv...\n";
    return 2;
  }
  try {
    std::vector<examples::Series> series;
    for (int i = 2; i < argc; ++i) series.push_back(read_history(argv[i]));
    examples::write_chart(argv[1], "Loss by epoch: --tutorial (gray) and default (blue)", series);
  } catch (const std::exception& error) {
    std::cerr << "plot_history: " << error.what() << '\n';
    return 1;
  }
}

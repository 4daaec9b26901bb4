#include "common/history_file.hpp"

#include <ae/training/callbacks.hpp>
#include <algorithm>
#include <sstream>
#include <string>

namespace examples {
namespace {

constexpr const char* next_batch = "next_batch_loss";

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

/// The cell of a line that is a number; `place` says where the line is from.
double number_in(const std::string& line, std::size_t column, const std::string& place) {
  const auto cells = split(line);
  std::istringstream in(column < cells.size() ? cells[column] : "");
  double number = 0;
  if (in >> number && in.eof()) return number;
  throw ae::FileError(place + ": expected a number in column " + std::to_string(column + 1) +
                      ", found \"" + line.substr(0, 60) + '"');
}

}  // namespace

void write_history(const std::filesystem::path& path, const ae::History& history,
                   const std::vector<double>& next_batch_loss) {
  std::istringstream table(ae::CsvWriter::table(history));
  std::ostringstream csv;
  std::string line;
  std::getline(table, line);
  csv << line << (next_batch_loss.empty() ? "" : ',' + std::string(next_batch)) << '\n';
  for (std::size_t i = 0; std::getline(table, line); ++i) {
    csv << line;
    if (!next_batch_loss.empty()) csv << ',' << next_batch_loss.at(i);
    csv << '\n';
  }
  ae::write_file(csv.str(), path);
}

Losses read_losses(const std::filesystem::path& path) {
  std::istringstream in(ae::read_file(path));
  std::string line;
  std::getline(in, line);
  const auto names = split(line);
  const auto next = std::ranges::find(names, next_batch);
  const auto column = next != names.end() ? next : std::ranges::find(names, "data_loss");
  if (column == names.end()) {
    throw ae::FileError(path.string() + ": expected a history, with the columns epoch, " +
                        "data_loss, ..., found " +
                        (line.empty() ? "an empty line" : '"' + line.substr(0, 60) + '"'));
  }
  Losses losses{.of_next_batch = next != names.end(), .values = {}};
  for (int number = 2; std::getline(in, line); ++number) {
    const std::string place = path.string() + ", line " + std::to_string(number);
    losses.values.push_back(
        number_in(line, static_cast<std::size_t>(column - names.begin()), place));
  }
  if (losses.values.empty()) {
    throw ae::FileError(path.string() + ": expected a line for each epoch, found none");
  }
  return losses;
}

}  // namespace examples

#pragma once

#include <ae/training/history.hpp>
#include <filesystem>
#include <vector>

namespace examples {

/// Writes what ae::CsvWriter writes, and behind it a column next_batch_loss, unless it is empty.
/// Throws ae::FileError.
void write_history(const std::filesystem::path& path, const ae::History& history,
                   const std::vector<double>& next_batch_loss);

/// A column of such a file, a number for each epoch: next_batch_loss if there is one, else
/// data_loss.
struct Losses {
  bool of_next_batch;
  std::vector<double> values;
};

/// Throws ae::FileError.
Losses read_losses(const std::filesystem::path& path);

}  // namespace examples

#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <iomanip>
#include <ostream>

#include "ae/core/file.hpp"
#include "ae/detail/core/require.hpp"
#include "ae/training/history.hpp"

/// Callbacks of a fit that are often wanted:
///
///     model.fit(x, {.callbacks = {ae::ProgressBar(std::cerr), ae::CsvWriter("history.csv")}});
namespace ae::inline AE_ABI {

/// A line that is drawn over and over: how much of the fit is done, the latest loss, the time left.
class ProgressBar {
 public:
  /// The stream must live as long; a terminal's, since a file would keep every state of the line.
  explicit ProgressBar(std::ostream& out) : out_(&out) {}

  void operator()(const Progress& at) {
    const bool ended = at.step == at.steps || at.stop;
    if (!ended && at.seconds < drawn_at_ + 0.1) return;
    drawn_at_ = at.seconds;
    const auto filled = static_cast<std::size_t>(at.done * 30);
    const double left = at.seconds * (1 - at.done) / at.done;
    std::string line =
        detail::text("[", std::string(filled, '#'), std::string(30 - filled, ' '), "] ",
                     std::lround(100 * at.done), " %, ", std::lround(left), " s left");
    if (!at.history.empty()) line += detail::text(", loss ", at.history.back().total());
    *out_ << '\r' << std::left << std::setw(width) << line.substr(0, width) << std::flush;
    if (ended) *out_ << '\n';
  }

  /// Makes room for a line of another's.
  void clear() const { *out_ << '\r' << std::string(width, ' ') << '\r' << std::flush; }

 private:
  static constexpr int width = 78;

  std::ostream* out_;
  double drawn_at_ = 0;
};

/// The history as comma-separated values, written anew after every epoch, so that the file is whole
/// at any time. Throws FileError.
class CsvWriter {
 public:
  explicit CsvWriter(std::filesystem::path path) : path_(std::move(path)) {}

  void operator()(const Progress& at) const {
    if (at.epoch_ended) write_file(table(at.history), path_);
  }

  static std::string table(std::span<const EpochReport> history) {
    std::string csv = "epoch,data_loss,penalty,total,validation,rate,seconds\n";
    for (const EpochReport& at : history) {
      const std::string validation = std::isnan(at.validation) ? "" : detail::text(at.validation);
      csv += detail::text(at.epoch, ',', at.data_loss, ',', at.penalty, ',', at.total(), ',',
                          validation, ',', at.learning_rate, ',', at.seconds, '\n');
    }
    return csv;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace ae::inline AE_ABI

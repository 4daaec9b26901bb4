#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>

#include "ae/core/file.hpp"
#include "ae/detail/core/require.hpp"
#include "ae/training/history.hpp"

/// Callbacks of a fit that are often wanted:
/// ~~~{.cpp}
/// model.fit(x, {.callbacks = {ae::ProgressBar(std::cerr), ae::CsvWriter("history.csv")}});
/// ~~~
namespace ae::inline AE_ABI {

/// A line that is drawn over and over: how much of the fit is done, the latest loss, the time left.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100, .callbacks = {ae::ProgressBar(std::cerr)}});
/// ~~~
class ProgressBar {
 public:
  /// The stream must live as long; a terminal's, since a file would keep every state of the line.
  /// At most `width` letters, which must fit into a line of the terminal.
  explicit ProgressBar(std::ostream& out, int width = 78)
      : out_(&out), width_(std::max(width, 1)) {}

  void operator()(const Progress& at) {
    const bool ended = at.step == at.steps || at.stop;
    if (!ended && at.seconds < drawn_at_ + 0.1) return;
    drawn_at_ = at.seconds;
    const int all = std::clamp(width_ - 48, 4, 30), filled = static_cast<int>(at.done * all);
    const double left = at.seconds * (1 - at.done) / at.done;
    std::string line =
        detail::text("[", std::string(static_cast<std::size_t>(filled), '#'),
                     std::string(static_cast<std::size_t>(all - filled), ' '), "] ",
                     std::lround(100 * at.done), " %, ", std::lround(left), " s left");
    if (!at.history.empty()) {
      line += detail::text(", loss ", at.history.back().total());
      const double validation = at.history.back().validation;
      if (!std::isnan(validation)) line += detail::text(", validation ", validation);
    }
    *out_ << '\r' << std::left << std::setw(width_)
          << line.substr(0, static_cast<std::size_t>(width_)) << std::flush;
    if (ended) *out_ << '\n';
  }

  /// Makes room for a line of another's.
  void clear() const {
    *out_ << '\r' << std::string(static_cast<std::size_t>(width_), ' ') << '\r' << std::flush;
  }

 private:
  std::ostream* out_;
  int width_;
  double drawn_at_ = 0;
};

/// The history as comma-separated values, written anew after every epoch, so that the file is whole
/// at any time. Throws FileError.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 100, .callbacks = {ae::CsvWriter("history.csv")}});
/// ~~~
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

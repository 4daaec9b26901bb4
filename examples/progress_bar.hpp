#pragma once

#include <unistd.h>

#include <cstdio>
#include <string>

#include "ae/train/history.hpp"

namespace examples {

/// A bar with the time left, drawn on a terminal only; otherwise nothing.
class ProgressBar {
 public:
  void operator()(const ae::Progress& progress) {
    if (!on_terminal_ || progress.seconds < drawn_at_ + 0.1) return;
    drawn_at_ = progress.seconds;
    const double done = static_cast<double>(progress.step) / static_cast<double>(progress.steps);
    const auto filled = static_cast<std::size_t>(done * 30);
    std::fprintf(stderr, "\r[%-30s] %3.0f%%, %.0f s left ", std::string(filled, '#').c_str(),
                 100 * done, progress.seconds * (1 - done) / done);
  }

  void clear() const {
    if (on_terminal_) std::fprintf(stderr, "\r%60s\r", "");
  }

 private:
  bool on_terminal_ = isatty(STDERR_FILENO) == 1;
  double drawn_at_ = 0;
};

}  // namespace examples

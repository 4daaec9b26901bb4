#include "detect/watch.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <iostream>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "detect/messages.hpp"
#include "detect/verdicts.hpp"

namespace examples {
namespace {

using ae::Index;

/// Lines of a file descriptor, as they come.
class Lines {
 public:
  explicit Lines(int input) : input_(input) {}

  /// The next line, if it is there already; at the end of the text what is left of it.
  std::optional<std::string_view> next() {
    const auto end = text_.find('\n', first_);
    if (end == std::string::npos && !(ended_ && first_ < text_.size())) return std::nullopt;
    const auto last = std::min(end, text_.size());
    std::string_view line(text_.data() + first_, last - first_);
    first_ = std::min(last + 1, text_.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  /// Waits for more, for a fifth of a second. False once there is none.
  bool more() {
    if (ended_) return false;
    pollfd wanted{input_, POLLIN, 0};
    if (poll(&wanted, 1, 200) <= 0) return true;
    text_.erase(0, first_);
    first_ = 0;
    constexpr std::size_t piece = 1 << 18;
    const std::size_t before = text_.size();
    text_.resize(before + piece);
    const ssize_t count = read(input_, text_.data() + before, piece);
    const int error = errno;
    text_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && error != EINTR && error != EAGAIN) {
      throw ae::FileError(std::string("standard input: cannot be read: ") + std::strerror(error));
    }
    ended_ = count == 0;
    return true;
  }

 private:
  int input_;
  std::string text_;
  std::size_t first_ = 0;
  bool ended_ = false;
};

/// Rows side by side; one that could not be read is all NaN.
struct Rows {
  explicit Rows(Index each) : features(each) {}

  Index count() const { return static_cast<Index>(values.size()) / features; }

  Index features;
  std::vector<double> values;
};

/// Rows that are read by one thread and taken by another.
class Inbox {
 public:
  explicit Inbox(Index features) : rows_(features) {}

  /// Waits while there are many. False if nobody takes them any more.
  bool put(const Rows& rows) {
    constexpr Index many = 8192;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return rows_.count() < many || closed_; });
    rows_.values.insert(rows_.values.end(), rows.values.begin(), rows.values.end());
    changed_.notify_all();
    return !closed_;
  }

  /// All that are there, at least one; none at the end. Throws what `end` was given.
  Rows take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return rows_.count() > 0 || ended_; });
    Rows taken(rows_.features);
    std::swap(taken, rows_);
    if (taken.count() == 0 && error_) std::rethrow_exception(error_);
    changed_.notify_all();
    return taken;
  }

  void end(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    ended_ = true;
    changed_.notify_all();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

  bool closed() {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Rows rows_;
  bool ended_ = false, closed_ = false;
  std::exception_ptr error_;
};

/// Tells of the first rows that cannot be read, and at the end of how many there were.
class Complaints {
 public:
  void add(const std::string& what) {
    constexpr Index most = 10;
    if (++count_ <= most) std::cerr << what + '\n';
    if (count_ == most) std::cerr << "more rows that cannot be read are only counted\n";
  }
  ~Complaints() {
    if (count_ > 0) std::cerr << count_ << " rows could not be read, and count as anomalies\n";
  }

 private:
  Index count_ = 0;
};

class Reader {
 public:
  Reader(const ae::Schema& schema, int input, const ae::TableOptions& options)
      : schema_(schema), options_(options), lines_(input), inbox_(schema.features()) {
    std::optional<std::string_view> line;
    while (!((line = lines_.next()) && begins_table(*line)) && (line || lines_.more())) {
      if (line) first_.append(*line) += '\n';
    }
    if (!line) {
      throw ae::FileError(
          "standard input: expected a line with the names of the columns, found "
          "nothing");
    }
    first_ += *line;
    table_.emplace(schema_, first_, "standard input", options_);
    thread_ = std::thread([this] { run(); });
  }

  ~Reader() {
    inbox_.close();
    thread_.join();
  }

  Rows take() { return inbox_.take(); }

 private:
  /// False for blank lines and comments, which say nothing.
  bool begins_table(std::string_view line) const {
    const bool comment = !line.empty() && line.front() == schema_.format().comment;
    return !comment && line.find_first_not_of(" \t") != line.npos;
  }

  void run() {
    std::exception_ptr error;
    try {
      Rows rows(schema_.features());
      if (!schema_.has_names()) read(first_, rows);
      do {
        while (const auto line = lines_.next()) read(*line, rows);
        if (rows.count() > 0 && !inbox_.put(rows)) return;
        rows.values.clear();
      } while (lines_.more() && !inbox_.closed());
    } catch (...) {
      error = std::current_exception();
    }
    inbox_.end(error);
  }

  void read(std::string_view line, Rows& rows) {
    row_.resize(rows.features);
    try {
      if (!table_->read(line, row_)) return;
      if (row_.array().isNaN().all()) {
        complaints_.add("standard input, line " + std::to_string(table_->line()) +
                        ": expected at least one value, found none");
      }
    } catch (const ae::FileError& error) {
      complaints_.add(with_own_options(error.what()));
      row_.setConstant(std::numeric_limits<double>::quiet_NaN());
    }
    rows.values.insert(rows.values.end(), row_.begin(), row_.end());
  }

  const ae::Schema& schema_;
  ae::TableOptions options_;
  Lines lines_;
  Inbox inbox_;
  std::string first_;  // line, and the comments before it: the names of the columns, or a row where
                       // there are none
  std::optional<ae::TableLines> table_;
  ae::Vector<double> row_;
  Complaints complaints_;
  std::thread thread_;
};

}  // namespace

Index watch(const ae::Detector& detector, const ae::Schema& schema, int input, std::ostream& out,
            const ae::TableOptions& options) {
  Reader reader(schema, input, options);
  const std::vector<std::string> names = schema.feature_columns();
  Index seen = 0;
  std::string text = verdict_columns;
  for (bool more = true; more;) {
    out.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
    if (!out) throw ae::FileError("standard output: cannot be written");
    text.clear();
    const Rows rows = reader.take();
    more = rows.count() > 0;
    const Eigen::Map<const ae::Matrix<double>> values(rows.values.data(), rows.features,
                                                      rows.count());
    for (const Verdict& verdict : judge(detector, values, Explained::anomalies)) {
      append_line(text, ++seen, verdict, names);
    }
  }
  return seen;
}

}  // namespace examples

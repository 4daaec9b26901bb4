#pragma once

#include "ae/detail/core/abi.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "ae/detail/data/source_ref.hpp"

namespace ae::inline AE_ABI::detail {

/// A thread that has a source read samples before they are needed.
template <class Scalar>
class ReadAhead {
 public:
  /// The source must live as long.
  explicit ReadAhead(const SourceRef<Scalar>& source)
      : source_(source), thread_([this] { run(); }) {}
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  ~ReadAhead() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  /// These come next. Where the thread is late, it leaves out what it was told long ago.
  void want(std::vector<Index> samples) {
    {
      const std::lock_guard lock(mutex_);
      wanted_.push_back(std::move(samples));
      if (wanted_.size() > most) wanted_.pop_front();
    }
    changed_.notify_one();
  }

 private:
  static constexpr std::size_t most = 4;

  void run() {
    for (std::vector<Index> samples; next(samples);) {
      try {
        source_.read_ahead(samples);
      } catch (...) {  // who reads them is told
      }
    }
  }

  bool next(std::vector<Index>& samples) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return over_ || !wanted_.empty(); });
    if (over_) return false;
    samples = std::move(wanted_.front());
    wanted_.pop_front();
    return true;
  }

  SourceRef<Scalar> source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<Index>> wanted_;
  bool over_ = false;
  std::thread thread_;  // last, so that it finds all else there
};

}  // namespace ae::inline AE_ABI::detail

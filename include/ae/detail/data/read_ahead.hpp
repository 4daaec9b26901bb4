#pragma once

#include "ae/detail/core/abi.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI::detail {

/// Has a source read samples before they are needed.
class ReadAhead {
 public:
  virtual ~ReadAhead() = default;

  /// These come next.
  virtual void want(std::vector<Index> samples) = 0;
};

/// The same for a source of this type, on a thread of its own.
template <class Source>
class ReadAheadOf final : public ReadAhead {
 public:
  /// The source must live as long.
  explicit ReadAheadOf(const Source& source) : source_(source), thread_([this] { run(); }) {}
  ReadAheadOf(const ReadAheadOf&) = delete;
  ReadAheadOf& operator=(const ReadAheadOf&) = delete;
  ~ReadAheadOf() override {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  /// Where the thread is late, it leaves out what it was told long ago.
  void want(std::vector<Index> samples) override {
    {
      const std::lock_guard lock(mutex_);
      wanted_.push_back(std::move(samples));
      if (wanted_.size() > most) wanted_.erase(wanted_.begin());
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
    wanted_.erase(wanted_.begin());
    return true;
  }

  const Source& source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::vector<Index>> wanted_;
  bool over_ = false;
  std::thread thread_;  // last, so that it finds all else there
};

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/team.hpp"

#ifdef _OPENMP
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "ae/detail/core/compiler.hpp"

#if __has_include(<pthread.h>) && !defined(_WIN32)
#include <pthread.h>
#define AE_FORKS
#endif
#endif

namespace ae::inline AE_ABI::detail {

#ifdef _OPENMP

/// True on a thread that takes part in a shared computation.
inline bool& in_team() {
  static thread_local bool inside = false;
  return inside;
}

/// The helpers of a process, and the computation that they share, one at a time.
class Team {
  using Word = std::atomic<std::uint32_t>;
  using Work = FunctionRef<void(int)>;

 public:
  /// False, and nothing has happened, if another thread has the helpers.
  bool run(std::uint32_t threads, const Work& work) {
    if (taken_.exchange(true, std::memory_order_acquire)) return false;
    begin(threads, work);
    in_team() = true;
    call(work, 0);
    in_team() = false;
    const std::exception_ptr failure = end();
    taken_.store(false, std::memory_order_release);
    if (failure) std::rethrow_exception(failure);
    return true;
  }

  /// Ends the helpers; whoever computes later is alone. At the end of a program that ends while it
  /// computes, they end with it.
  void stop() {
    if (in_team()) return;
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    while (taken_.exchange(true, std::memory_order_acquire)) {
      if (std::chrono::steady_clock::now() > patience) return;
      std::this_thread::yield();
    }
    over_.store(true);
    for (const auto& helper : helpers_) wake(helper->calls);
    for (const auto& helper : helpers_) helper->thread.join();
  }

 private:
  static constexpr std::uint32_t one_begun = 1U << 16U;

  /// 128-byte alignment, two lines that processors fetch at once, avoids false sharing.
  struct alignas(128) Helper {
    Word calls = 0;
    std::thread thread;
  };

  void begin(std::uint32_t threads, const Work& work) {
    start(threads - 1);
    work_ = &work;
    finished_.store(0, std::memory_order_relaxed);
    open_.store(threads, std::memory_order_release);
    for (std::size_t i = 0; i < helpers_.size() && i + 1 < threads; ++i) wake(helpers_[i]->calls);
  }

  /// Nobody begins after this; returns what was thrown.
  std::exception_ptr end() {
    const std::uint32_t begun = open_.exchange(0, std::memory_order_acq_rel) / one_begun;
    for (std::uint32_t count = 0; count != begun;) count = changed(finished_, count);
    return std::exchange(failure_, nullptr);
  }

  /// A system without more threads leaves fewer helpers, and is not asked again.
  void start(std::uint32_t count) try {
    while (helpers_.size() < std::min(count, most_)) {
      auto helper = std::make_unique<Helper>();
      const auto thread = static_cast<std::uint32_t>(helpers_.size()) + 1;
      helpers_.reserve(thread);
      helper->thread = std::thread([this, thread, &calls = helper->calls] { help(thread, calls); });
      helpers_.push_back(std::move(helper));
    }
  } catch (const std::exception&) {
    most_ = static_cast<std::uint32_t>(helpers_.size());
  }

  void help(std::uint32_t thread, const Word& calls) {
    in_team() = true;
    for (std::uint32_t seen = 0; seen = changed(calls, seen), !over_.load();) {
      if (!join(thread)) continue;
      call(*work_, static_cast<int>(thread));
      wake(finished_);
    }
  }

  /// True if the computation has a place for this thread and is not over.
  bool join(std::uint32_t thread) {
    std::uint32_t open = open_.load(std::memory_order_relaxed);
    while (open % one_begun > thread) {
      if (open_.compare_exchange_weak(open, open + one_begun, std::memory_order_acq_rel))
        return true;
    }
    return false;
  }

  void call(const Work& work, int thread) try { work(thread); } catch (...) {
    const std::lock_guard lock(failing_);
    failure_ = std::current_exception();
  }

  static void wake(Word& count) {
    count.fetch_add(1, std::memory_order_acq_rel);
    count.notify_one();
  }

  /// Waits until a count differs from `old`. Work follows work within microseconds, so at first by
  /// looking; then the core is left to others.
  static std::uint32_t changed(const Word& count, std::uint32_t old) {
    using Clock = std::chrono::steady_clock;
    const auto patience = Clock::now() + std::chrono::microseconds(50);
    do {
      for (int i = 0; i < 50; ++i) {
        const std::uint32_t now = count.load(std::memory_order_acquire);
        if (now != old) return now;
        spin_wait_hint();
      }
    } while (Clock::now() < patience);
    count.wait(old, std::memory_order_acquire);
    return count.load(std::memory_order_acquire);
  }

  std::atomic<bool> over_ = false;
  std::vector<std::unique_ptr<Helper>> helpers_;
  std::uint32_t most_ = 1000;  // helpers
  const Work* work_ = nullptr;
  std::mutex failing_;
  std::exception_ptr failure_;
  alignas(128) std::atomic<bool> taken_ = false;
  alignas(128) Word open_ = 0;  // the number of threads, and one_begun for each helper that began
  alignas(128) Word finished_ = 0;  // helpers
};

/// The team of this process, made when it is first wanted; it is stopped at the end of the program,
/// but never destroyed, as others may still ask for it.
inline Team& team() {
  static std::atomic<Team*> current = nullptr;
  static const struct Guard {
#ifdef AE_FORKS
    // A child has none of its parent's threads.
    Guard() {
      pthread_atfork(nullptr, nullptr, [] { current = nullptr; });
    }
#endif
    ~Guard() {
      if (Team* const last = current.load()) last->stop();
    }
  } guard;
  Team* here = current.load(std::memory_order_acquire);
  if (here != nullptr) return *here;
  auto fresh = std::make_unique<Team>();
  return current.compare_exchange_strong(here, fresh.get()) ? *fresh.release() : *here;
}

AE_HEADER_INLINE int most_threads() {
  return in_team() || omp_in_parallel() ? 1 : omp_get_max_threads();
}

AE_HEADER_INLINE void with_helpers(int threads, FunctionRef<void(int thread)> work) {
  const bool alone = threads < 2 || in_team() || omp_in_parallel();
  if (alone || !team().run(static_cast<std::uint32_t>(threads), work)) work(0);
}

#else

AE_HEADER_INLINE int most_threads() {
  return 1;
}

AE_HEADER_INLINE void with_helpers(int, FunctionRef<void(int thread)> work) {
  work(0);
}

#endif

}  // namespace ae::inline AE_ABI::detail

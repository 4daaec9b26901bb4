#include "ae/detail/core/team.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/expect.hpp"
#include "support/sanitized.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif
#if __has_include(<sys/wait.h>)
#include <sys/wait.h>
#include <unistd.h>
#endif

using ae::detail::most_threads;
using ae::detail::with_helpers;

namespace {

/// Takes `count` pieces with so many threads; returns how many were taken.
int pieces_taken(int threads, int count) {
  std::atomic<int> next = 0, taken = 0;
  with_helpers(threads, [&](int) {
    while (next.fetch_add(1) < count) ++taken;
  });
  return taken;
}

}  // namespace

TEST_CASE("all pieces are taken once, however many threads there are") {
  for (int round = 0; round < 200; ++round) {
    for (const int threads : {1, 2, 3, 5}) CHECK(pieces_taken(threads, 40) == 40);
  }
}

TEST_CASE("each thread has a number of its own") {
  std::atomic<int> inside[4] = {};
  std::atomic<bool> alone = true, in_range = true;
  with_helpers(4, [&](int thread) {
    if (thread < 0 || thread >= 4) in_range = false;
    if (++inside[thread] != 1) alone = false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    --inside[thread];
  });
  CHECK(in_range.load());
  CHECK(alone.load());
}

TEST_CASE("inside a shared computation there is one thread") {
  std::atomic<bool> all = true;
  with_helpers(3, [&](int) {
    if (most_threads() != 1) all = false;
    with_helpers(3, [&](int thread) {
      if (thread != 0) all = false;
    });
  });
  CHECK(all.load());
}

TEST_CASE("what the work throws is thrown, and the next work is done") {
  CHECK_THROWS_AS(with_helpers(3, [](int) { throw std::runtime_error("broken"); }),
                  std::runtime_error);
  CHECK(pieces_taken(3, 10) == 10);
}

TEST_CASE("many threads of a program compute at the same time") {
  std::vector<std::thread> callers;
  std::atomic<int> sum = 0;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 100; ++round) sum += pieces_taken(3, 7);
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(sum == 4 * 100 * 7);
}

#ifdef _OPENMP
TEST_CASE("OpenMP says how many threads there are") {
  const int before = omp_get_max_threads();
  omp_set_num_threads(3);
  CHECK(most_threads() == 3);
  omp_set_num_threads(before);
  std::atomic<int> threads = 0, alone = 0;
#pragma omp parallel num_threads(2)
  {
    if (omp_get_num_threads() == 1 || most_threads() == 1) ++alone;
    ++threads;
  }
  CHECK(alone == threads);
}
#endif

#if defined(_OPENMP) && __has_include(<sys/wait.h>) && !defined(AE_SANITIZED)
namespace {

/// True if a helper comes within some seconds.
bool helper_comes() {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::atomic<bool> came = false;
  with_helpers(2, [&](int thread) {
    if (thread == 1) came = true;
    while (!came && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
  });
  return came;
}

/// The exit code of a child process that runs `work`; -1 if a signal ended it.
int child_runs(const auto& work) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    work();
    _exit(9);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("helpers come, in a child process too") {
  CHECK(helper_comes());
  CHECK(child_runs([] { _exit(helper_comes() ? 0 : 1); }) == 0);
}

TEST_CASE("a program may end while it computes") {
  CHECK(helper_comes());
  CHECK(child_runs([] {
          helper_comes();
          with_helpers(2, [](int thread) {
            if (thread == 0) std::exit(3);
          });
        }) == 3);
}
#endif

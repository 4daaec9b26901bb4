#pragma once

#include <benchmark/benchmark.h>
#include <omp.h>

#include <Eigen/Core>
#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

/// What the processor can do at most, measured beside everything else in the same process.
namespace bench {

/// Seconds that f takes.
template <class F>
double seconds(F&& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

using Packet = Eigen::internal::packet_traits<float>::type;
inline constexpr int chains = 12;  // enough to hide the latency, few enough for 16 registers

/// x = x * a + b on `chains` registers, again and again.
[[gnu::noinline]] inline void multiply_add(long times) {
  using namespace Eigen::internal;
  float start = 1e-3F;
  benchmark::DoNotOptimize(start);
  const Packet a = pset1<Packet>(1 - start), b = pset1<Packet>(start);
  [&]<int... i>(std::integer_sequence<int, i...>) {
    Packet x[chains] = {((void)i, b)...};
    for (long t = 0; t < times; ++t) ((x[i] = pmadd(x[i], a, b)), ...);
    (benchmark::DoNotOptimize(x[i]), ...);
  }
  (std::make_integer_sequence<int, chains>{});
}

/// Multiply-adds a second, two operations each, in one short run on so many threads: GFLOP/s.
inline double multiply_add_gflops(int threads) {
  constexpr long times = 300'000;  // a millisecond: few runs that short are interrupted
  const auto all = [&] {
#pragma omp parallel num_threads(threads)
    multiply_add(times);
  };
  constexpr double flops = 2.0 * chains * (sizeof(Packet) / sizeof(float)) * times;
  return flops * threads / seconds(all) * 1e-9;
}

/// The best of all runs, by number of threads.
class Peak {
 public:
  void measure(int threads) {
    double& best = gflops_[threads];
    for (int run = 0; run < 10; ++run) best = std::max(best, multiply_add_gflops(threads));
  }

  /// Waits until all threads run at nearly the peak: after a pause of all but one, the system may
  /// leave two of them on one core for a while, which would count against whoever comes first.
  /// Gives up after half a second, on a machine that is busy with other things.
  void settle(int threads) const {
    constexpr int patience = 500, in_a_row = 3;
    for (int run = 0, good = 0; run < patience && good < in_a_row; ++run) {
      good = multiply_add_gflops(threads) > 0.95 * gflops(threads) ? good + 1 : 0;
    }
  }

  double gflops(int threads) const { return gflops_.at(threads); }
  const std::map<int, double>& all() const { return gflops_; }

 private:
  std::map<int, double> gflops_;
};

/// GB/s of changing an array of so many bytes in place, as an optimizer does: read and written.
inline double update_bandwidth(std::size_t bytes, int threads) {
  Eigen::ArrayXf x(static_cast<Eigen::Index>(bytes / sizeof(float)));
  const auto pass = [&](bool first) {
#pragma omp parallel num_threads(threads)
    {
      const Eigen::Index part = omp_get_thread_num(), parts = omp_get_num_threads();
      const Eigen::Index begin = x.size() * part / parts, end = x.size() * (part + 1) / parts;
      auto mine = x.segment(begin, end - begin);
      if (first) mine.setZero();  // by its own thread, so that the pages are near it
      mine = mine * 0.5F + 1.0F;
    }
    benchmark::DoNotOptimize(x.data());
    benchmark::ClobberMemory();
  };
  pass(true);
  double least = 1;
  for (double spent = 0; spent < 0.1;) {  // long enough for every thread to find its core
    const double once = seconds([&] { pass(false); });
    least = std::min(least, once);
    spent += once;
  }
  return 2 * static_cast<double>(bytes) / least * 1e-9;
}

}  // namespace bench

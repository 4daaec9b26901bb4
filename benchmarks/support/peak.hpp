#pragma once

#include <benchmark/benchmark.h>
#include <omp.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <map>
#include <utility>

#include "ae/linalg/precision.hpp"

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
using ae::Precision;
inline constexpr int chains = 14;  // enough to hide the latency, few enough for 16 registers

/// x * a + b.
inline Packet of_floats(const Packet& x, const Packet& a, const Packet& b) {
  return Eigen::internal::pmadd(x, a, b);
}

#if defined(__AVX512BF16__) && defined(EIGEN_VECTORIZE_AVX512)
inline constexpr bool multiplies_bfloat16 = true;

/// x + a' b, each number being a pair of bfloat16.
inline Packet of_pairs(const Packet& x, const Packet& a, const Packet& b) {
  return _mm512_dpbf16_ps(x, std::bit_cast<__m512bh>(a), std::bit_cast<__m512bh>(b));
}
#else
inline constexpr bool multiplies_bfloat16 = false;
inline constexpr auto of_pairs = of_floats;  // nothing is faster here
#endif

/// x = add(x, a, b) on `chains` registers, again and again.
template <auto add>
[[gnu::noinline]] void multiply_add(long times) {
  using namespace Eigen::internal;
  float start = 1e-3F;
  benchmark::DoNotOptimize(start);
  const Packet a = pset1<Packet>(1 - start), b = pset1<Packet>(start);
  [&]<int... i>(std::integer_sequence<int, i...>) {
    Packet x[chains] = {((void)i, b)...};
    for (long t = 0; t < times; ++t) ((x[i] = add(x[i], a, b)), ...);
    (benchmark::DoNotOptimize(x[i]), ...);
  }
  (std::make_integer_sequence<int, chains>{});
}

/// Multiply-adds a second, two operations each, in one short run on so many threads: GFLOP/s. An
/// instruction for pairs makes two of them.
inline double multiply_add_gflops(int threads, Precision precision = Precision::full) {
  constexpr long times = 300'000;  // a millisecond: few runs that short are interrupted
  const bool pairs = precision == Precision::bfloat16 && multiplies_bfloat16;
  const auto all = [&] {
#pragma omp parallel num_threads(threads)
    pairs ? multiply_add<of_pairs>(times) : multiply_add<of_floats>(times);
  };
  const double flops = (pairs ? 4.0 : 2.0) * chains * (sizeof(Packet) / sizeof(float)) * times;
  return flops * threads / seconds(all) * 1e-9;
}

/// The best of all runs, by number of threads, of either precision.
class Peak {
 public:
  void measure(int threads) {
    for (const Precision precision : {Precision::full, Precision::bfloat16}) {
      double& best = gflops_[at(precision)][threads];
      for (int run = 0; run < 10; ++run) {
        best = std::max(best, multiply_add_gflops(threads, precision));
      }
    }
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

  double gflops(int threads, Precision precision = Precision::full) const {
    return gflops_[at(precision)].at(threads);
  }
  const std::map<int, double>& all(Precision precision = Precision::full) const {
    return gflops_[at(precision)];
  }

 private:
  static std::size_t at(Precision precision) { return static_cast<std::size_t>(precision); }

  std::array<std::map<int, double>, 2> gflops_;
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

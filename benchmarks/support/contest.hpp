#pragma once

#include <benchmark/benchmark.h>

#include <cstdio>
#include <functional>
#include <ranges>

#include "support/environment.hpp"
#include "support/handover.hpp"
#include "support/options.hpp"
#include "support/peak.hpp"
#include "support/statistics.hpp"

/// Contenders at the same tasks, by turns: the machine's moods then meet all of them alike.
namespace bench {

inline const char* name_of(Precision precision) {
  return precision == Precision::full ? "float" : "bfloat16";
}

/// One contender at one task. `run` does the work once; a contender of another process has a clock
/// of its own instead, `clocked`, and tells how many seconds it took for so many times.
struct Entry {
  std::string name, contender;
  int threads = 1;
  double flops = 0;  ///< of the task; 0 if its limit is another
  std::function<void()> run = {};
  Precision precision = Precision::full;  ///< of the products, whose peak it is held against
  std::function<double(long times)> clocked = {};
  std::vector<double> ms = {};     ///< of each round
  double peak_mib = std::nan("");  ///< of memory, where it was measured
};

/// Seconds of so many times.
inline double seconds(const Entry& entry, long times) {
  if (entry.clocked) return entry.clocked(times);
  return seconds([&] {
    for (long i = 0; i < times; ++i) entry.run();
  });
}

/// Google Benchmark's measurements, handed on.
class Collector : public benchmark::BenchmarkReporter {
 public:
  explicit Collector(std::vector<Entry>& entries) : entries_(entries) {}

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      const auto entry = std::stoul(run.run_name.function_name);
      entries_[entry].ms.push_back(1e3 * run.real_accumulated_time /
                                   static_cast<double>(run.iterations));
    }
  }

 private:
  std::vector<Entry>& entries_;
};

class Contest {
 public:
  explicit Contest(const Options& options, Environment environment = bench::environment())
      : options_(options), environment_(std::move(environment)) {}

  /// A library's own call for its number of threads.
  void on_threads(std::function<void(int)> set) { setters_.push_back(std::move(set)); }

  /// Adds to what the figures were measured with.
  void tell(const std::string& what, const std::string& value) {
    environment_.emplace_back(what, value);
  }

  void use_threads(int threads) const {
    omp_set_num_threads(threads);
    Eigen::setNbThreads(threads);
    for (const auto& set : setters_) set(threads);
  }

  void add(Entry entry) {
    if (options_.wanted(entry.name + ", " + entry.contender)) entries_.push_back(std::move(entry));
  }

  /// Takes an entry as it was measured elsewhere.
  void adopt(Entry entry) {
    peak_.measure(entry.threads);
    entries_.push_back(std::move(entry));
  }

  void run() {
    measure();
    print();
  }

  void measure() {
    const std::vector<long> times = rehearse();
    Collector collector(entries_);
    for (std::size_t round = 0; round < options_.rounds; ++round) {
      for (const int threads : options_.threads) {
        use_threads(threads);
        peak_.measure(threads);
        if (threads > 1) handovers_.push_back(handover_ns());
        line_up(threads, times, round % 2 == 1);
        benchmark::RunSpecifiedBenchmarks(&collector, "all");
        benchmark::ClearRegisteredBenchmarks();
      }
    }
  }

  void print() const {
    bench::print(environment_);
    if (std::isfinite(median(handovers_))) {
      std::printf("a line from core to core: %.0f ns, in the rounds %.0f to %.0f\n",
                  median(handovers_), std::ranges::min(handovers_), std::ranges::max(handovers_));
    }
    for (const auto& [threads, gflops] : peak_.all()) {
      std::printf("\nthreads: %d, multiply-add peak: %.1f GFLOP/s, of bfloat16: %.1f, %zu rounds\n",
                  threads, gflops, peak_.gflops(threads, Precision::bfloat16), options_.rounds);
      std::printf("%-28s %-16s %10s %10s %9s %6s %6s\n", "", "", "median ms", "best ms", "GFLOP/s",
                  "share", "/ ae");
      for (const Entry& entry : entries_) {
        if (entry.threads == threads) print(entry);
      }
    }
  }

  const std::vector<Entry>& entries() const { return entries_; }
  const Peak& peak() const { return peak_; }

  double share_of_peak(const Entry& entry) const {
    return gflops(entry) / peak_.gflops(entry.threads, entry.precision);
  }

  /// The median over the rounds of the entry's time over that of `base` at the same task; not a
  /// number where that one takes no part.
  double ratio(const Entry& entry, const std::string& base) const {
    const auto ae = std::ranges::find_if(entries_, [&](const Entry& other) {
      return other.contender == base && other.name == entry.name && other.threads == entry.threads;
    });
    std::vector<double> ratios;
    for (std::size_t i = 0; ae != entries_.end() && i < entry.ms.size(); ++i) {
      ratios.push_back(entry.ms[i] / ae->ms[i]);
    }
    return median(ratios);
  }

  /// Writes the figures where the options ask for it; `more` goes beside them.
  void write(const json::Object& more = {}) const {
    if (options_.json.empty()) return;
    std::vector<std::string> results;
    for (const Entry& entry : entries_) results.push_back(to_json(entry));
    json::Object all = {{"peak_gflops", peaks(Precision::full)},
                        {"peak_gflops_bfloat16", peaks(Precision::bfloat16)},
                        {"environment", bench::to_json(environment_)},
                        {"rounds", std::to_string(options_.rounds)},
                        {"handover_ns_of_rounds", json::numbers(handovers_)},
                        {"results", json::array(results)}};
    all.insert(all.end(), more.begin(), more.end());
    json::write(options_.json, all);
  }

 private:
  static constexpr double turn = 0.03;  // seconds that a contender has in a round

  std::string peaks(Precision precision) const {
    json::Object all;
    for (const auto& [threads, gflops] : peak_.all(precision)) {
      all.emplace_back(std::to_string(threads), json::number(gflops));
    }
    return json::object(all);
  }

  static double best_ms(const Entry& entry) { return std::ranges::min(entry.ms); }
  static double gflops(const Entry& entry) {
    return entry.flops > 0 ? entry.flops / median(entry.ms) * 1e-6 : std::nan("");
  }

  /// Everybody once without a clock, then how often they fit into a turn.
  std::vector<long> rehearse() const {
    std::vector<long> times;
    for (const Entry& entry : entries_) {
      use_threads(entry.threads);
      seconds(entry, 1);
      const double once = std::min(seconds(entry, 1), seconds(entry, 1));
      times.push_back(std::clamp(static_cast<long>(turn / once), 1L, 10'000L));
    }
    return times;
  }

  /// Every other round backwards, so that nobody always comes after the same one.
  void line_up(int threads, const std::vector<long>& times, bool backwards) {
    for (std::size_t at = 0; at < entries_.size(); ++at) {
      const std::size_t i = backwards ? entries_.size() - 1 - at : at;
      const Entry& entry = entries_[i];
      if (entry.threads != threads) continue;
      const auto body = [this, threads, &entry, times = times[i]](benchmark::State& state) {
        // Whoever ran before has left its own data in the caches.
        peak_.settle(threads);
        for (double warm = 0; warm < turn;) warm += seconds(entry, 1);
        for (auto _ : state) {
          entry.clocked ? state.SetIterationTime(entry.clocked(times) / static_cast<double>(times))
                        : entry.run();
        }
      };
      auto* const turns = benchmark::RegisterBenchmark(std::to_string(i).c_str(), body);
      entry.clocked ? turns->Iterations(1)->UseManualTime()
                    : turns->Iterations(times[i])->UseRealTime();
    }
  }

  void print(const Entry& entry) const {
    std::printf("%-28s %-16s %10.4f %10.4f", entry.name.c_str(), entry.contender.c_str(),
                median(entry.ms), best_ms(entry));
    if (entry.flops > 0) std::printf(" %9.1f %6.3f", gflops(entry), share_of_peak(entry));
    std::printf("%*s %6.2f", entry.flops > 0 ? 0 : 17, "", ratio(entry, "ae"));
    if (std::isfinite(entry.peak_mib)) std::printf(" %8.1f MiB", entry.peak_mib);
    std::puts("");
  }

  std::string to_json(const Entry& entry) const {
    json::Object figures = {{"name", json::text(entry.name)},
                            {"contender", json::text(entry.contender)},
                            {"precision", json::text(name_of(entry.precision))},
                            {"threads", std::to_string(entry.threads)},
                            {"ms_median", json::number(median(entry.ms))},
                            {"ms_min", json::number(best_ms(entry))},
                            {"gflops", json::number(gflops(entry))},
                            {"share_of_peak", json::number(share_of_peak(entry))},
                            {"ratio_to_ae", json::number(ratio(entry, "ae"))},
                            {"ratio_to_ae_bfloat16", json::number(ratio(entry, "ae bfloat16"))}};
    figures.emplace_back("ms_of_rounds", json::numbers(entry.ms));
    if (std::isfinite(entry.peak_mib)) {
      figures.emplace_back("peak_mib", json::number(entry.peak_mib));
    }
    return json::object(figures);
  }

  const Options& options_;
  Environment environment_;
  std::vector<std::function<void(int)>> setters_;
  std::vector<Entry> entries_;
  Peak peak_;
  std::vector<double> handovers_;  // of each round on several threads
};

}  // namespace bench

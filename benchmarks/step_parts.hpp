#pragma once

#include "horse_network.hpp"
#include "support/contest.hpp"

/// Where the time of ae's training step goes: the real step, on layers that hold a watch.
namespace bench {

/// Seconds of each part of one step, in the order of `horse_products`.
using Watch = std::vector<double>;

/// A dense layer whose products, epilogues included, are timed as parts of the step.
template <ae::Activation Activation>
class TimedDense : public ae::Dense<float, Activation> {
  using Base = ae::Dense<float, Activation>;

 public:
  /// Layer `number` of the network, counted from 0.
  TimedDense(const auto& layer, std::size_t number, Watch& watch)
      : Base(layer.inputs(), layer.outputs()), number_(number), watch_(&watch) {
    Base::set_weight(layer.weight());
    Base::set_bias(layer.bias());
  }

  void forward(auto&&... all) const {
    (*watch_)[number_] += seconds([&] { Base::forward(std::forward<decltype(all)>(all)...); });
  }
  void backward_input(auto&&... all) const {
    (*watch_)[10 - 2 * number_] +=
        seconds([&] { Base::backward_input(std::forward<decltype(all)>(all)...); });
  }
  void backward_parameters(auto&&... all) const {
    (*watch_)[std::min<std::size_t>(11 - 2 * number_, 10)] +=
        seconds([&] { Base::backward_parameters(std::forward<decltype(all)>(all)...); });
  }

 private:
  std::size_t number_;
  Watch* watch_;
};

/// A part of the step and the least that it must compute and move.
struct StepPart {
  std::string name;
  double flops, bytes;
  std::vector<double> ms = {};
};

/// Bytes that must be moved once: the operands and the result; the output that a derivative is
/// taken of, the target and the delta of the last layer; a weight and its moments, there and back.
inline std::vector<StepPart> step_parts() {
  std::vector<StepPart> parts;
  for (const Product& p : horse_products()) {
    const auto size = [](Index rows, Index cols) { return static_cast<double>(rows * cols); };
    const double operands = size(p.m, p.k) + size(p.k, p.n), result = size(p.m, p.n);
    const bool output = p.name == "W4 y3";
    if (p.rhs_transposed) {
      parts.push_back({"weights: " + p.name, p.flops(), 4 * (operands + 6 * result)});
    } else if (p.lhs_transposed) {
      parts.push_back({"delta: " + p.name, p.flops(), 4 * (operands + 2 * result)});
    } else {
      parts.push_back(
          {"forward: " + p.name, p.flops(), 4 * (operands + (output ? 3 : 1) * result)});
    }
  }
  return parts;
}

/// The times of so many steps; the last part is what no product accounts for, the loss above all.
inline std::vector<StepPart> time_parts(const std::vector<Matrix>& batches, std::size_t steps,
                                        Precision precision) {
  std::vector<StepPart> parts = step_parts();
  parts.push_back({"the rest", 0, 0});
  Watch watch(parts.size());
  const Network plain = horse_network();
  const auto& encoder = plain.part<0>();
  const auto& decoder = plain.part<1>();
  const auto timed = [&]<class A>(const auto& stack, Index layer, std::size_t number, A) {
    std::optional<TimedDense<A>> made;
    stack.visit(layer, [&](const auto& found) { made.emplace(found, number, watch); });
    return *made;
  };
  ae::Chain network(timed(encoder, 0, 0, ae::Elu{}), timed(encoder, 1, 1, ae::Elu{}),
                    timed(decoder, 0, 2, ae::Elu{}), timed(decoder, 1, 3, ae::Identity{}));
  ae::detail::TrainingState<float> state;
  ae::detail::Trainer trainer(network, state, ae::detail::FitParts(ae::L2{l2}));
  trainer.set_precision(precision);
  for (std::size_t step = 0; step < steps; ++step) {
    std::ranges::fill(watch, 0);
    const double all = seconds([&] { trainer.step(batches[step % batches.size()], rate, 1); });
    watch.back() = all - std::accumulate(watch.begin(), watch.end(), 0.0);
    for (std::size_t i = 0; i < parts.size(); ++i) parts[i].ms.push_back(1e3 * watch[i]);
  }
  return parts;
}

/// How near a part is to the nearer of its limits: the multiply-add peak, or the bandwidth to where
/// the weights live.
struct Limit {
  double compute_ms, memory_ms;

  Limit(const StepPart& part, double peak_gflops, double bandwidth)
      : compute_ms(part.flops / peak_gflops * 1e-6), memory_ms(part.bytes / bandwidth * 1e-6) {}

  const char* name() const {
    return compute_ms + memory_ms == 0 ? "none" : compute_ms > memory_ms ? "compute" : "memory";
  }
  double share(double ms) const { return std::max(compute_ms, memory_ms) / ms; }
};

inline std::string print_part(const StepPart& part, const Limit& limit, int threads,
                              Precision precision, double all) {
  const double ms = median(part.ms), share = limit.share(ms);
  std::printf("%-20s %9.4f %7.3f  %-8s %7.3f\n", part.name.c_str(), ms, ms / all, limit.name(),
              share);
  return json::object({{"name", json::text(part.name)},
                       {"threads", std::to_string(threads)},
                       {"precision", json::text(name_of(precision))},
                       {"ms_median", json::number(ms)},
                       {"share_of_step", json::number(ms / all)},
                       {"flops", json::number(part.flops)},
                       {"bytes", json::number(part.bytes)},
                       {"limit", json::text(limit.name())},
                       {"share_of_limit", json::number(share)}});
}

/// Measures and prints the parts for each number of threads and precision. With bfloat16, too, what
/// is moved are floats: products round them on their way.
inline json::Object step_parts(const Contest& contest, const Options& options,
                               const std::vector<Matrix>& batches) {
  constexpr std::size_t of_step = 12 << 20;  // weights, moments and outputs
  constexpr std::size_t of_memory = 256 << 20;
  json::Object near, far;
  std::vector<std::string> figures;
  for (const int threads : options.threads) {
    contest.use_threads(threads);
    const double bandwidth = update_bandwidth(of_step, threads);
    const double memory = update_bandwidth(of_memory, threads);
    near.emplace_back(std::to_string(threads), json::number(bandwidth));
    far.emplace_back(std::to_string(threads), json::number(memory));
    for (const Precision precision : {Precision::full, Precision::bfloat16}) {
      std::printf(
          "\nparts of ae's step, %s, threads: %d, bandwidth: %.1f GB/s in 12 MiB, "
          "%.1f in 256\n",
          name_of(precision), threads, bandwidth, memory);
      std::printf("%-20s %9s %7s  %-8s %7s\n", "", "median ms", "of step", "limit", "reached");
      const auto parts = time_parts(batches, 20 * options.rounds, precision);
      double all = 0;
      for (const StepPart& part : parts) all += median(part.ms);
      for (const StepPart& part : parts) {
        const Limit limit(part, contest.peak().gflops(threads, precision), bandwidth);
        figures.push_back(print_part(part, limit, threads, precision, all));
      }
    }
  }
  return {{"bandwidth_gbs_of_step", json::object(near)},
          {"bandwidth_gbs_of_memory", json::object(far)},
          {"parts", json::array(figures)}};
}

}  // namespace bench

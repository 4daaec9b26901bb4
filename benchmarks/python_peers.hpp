#pragma once

#include <sstream>

#include "horse_network.hpp"
#include "support/contest.hpp"
#include "support/worker.hpp"

/// Python's frameworks at training steps, each in a process of its own (python_peers.py), from the
/// same weights and with the same batches as everybody.
namespace bench {

class PythonPeer {
 public:
  /// A contender in one of the settings that are tried for it.
  struct Variant {
    std::string contender;
    Precision precision;
    std::string setting;
  };

  PythonPeer(const std::string& python, const std::string& framework, int threads,
             const Parameters& start, const std::vector<Matrix>& batches)
      : worker_({python, BENCH_PYTHON_PEERS, framework, std::to_string(threads)}, threads) {
    std::string sizes = std::to_string(start.weights.front().cols());
    for (const Matrix& weight : start.weights) sizes += ' ' + std::to_string(weight.rows());
    worker_.send(sizes);
    worker_.send(std::to_string(rate) + ' ' + std::to_string(l2));
    worker_.send(std::to_string(batches.front().cols()) + ' ' + std::to_string(batches.size()));
    for (std::size_t i = 0; i < start.weights.size(); ++i) {
      send(start.weights[i]);
      send(start.biases[i]);
    }
    for (const Matrix& batch : batches) send(batch);
    version_ = worker_.receive();
    variants_.resize(std::stoul(worker_.receive()));
    for (Variant& variant : variants_) {
      std::istringstream line(worker_.receive());
      std::string precision;
      std::getline(line, variant.contender, '\t');
      std::getline(line, precision, '\t');
      std::getline(line, variant.setting, '\t');
      variant.precision = precision == "float" ? Precision::full : Precision::bfloat16;
    }
  }

  const std::string& version() const { return version_; }
  const std::vector<Variant>& variants() const { return variants_; }

  /// The loss before each step of the next on every batch.
  std::vector<double> losses(std::size_t variant) {
    std::istringstream line(worker_.ask("losses " + std::to_string(variant)));
    std::vector<double> all;
    for (double loss; line >> loss;) all.push_back(loss);
    return all;
  }

  /// Seconds of so many steps, by the worker's own clock.
  double turn(std::size_t variant, long times) {
    return std::stod(worker_.ask("turn " + std::to_string(variant) + ' ' + std::to_string(times)));
  }

 private:
  /// By columns, so that it is (columns x rows) for who counts by rows.
  void send(const auto& matrix) {
    worker_.send(std::as_bytes(std::span(matrix.data(), static_cast<std::size_t>(matrix.size()))));
  }

  Worker worker_;
  std::string version_;
  std::vector<Variant> variants_;
};

/// Throws unless the variant's losses are those of ae: to 1e-4 of floats, to a hundredth of
/// bfloat16.
inline void require_losses(PythonPeer& peer, std::size_t variant,
                           const std::vector<double>& expected) {
  const auto& [contender, precision, setting] = peer.variants()[variant];
  const double tolerance = precision == Precision::full ? 1e-4 : 1e-2;
  const std::vector<double> found = peer.losses(variant);
  for (std::size_t step = 0; step < expected.size(); ++step) {
    if (std::abs(found.at(step) - expected[step]) < tolerance * expected[step]) continue;
    throw std::runtime_error(ae::detail::text(contender, ", ", setting, ": loss in step ", step,
                                              ": ae ", expected[step], ", found ", found[step]));
  }
}

/// The contenders of one framework for so many threads, each in the fastest of its settings, which
/// is said among what the figures were measured with. Throws if one learns otherwise than ae.
inline void add_python_peer(Contest& contest, const std::string& name, double flops,
                            const std::shared_ptr<PythonPeer>& peer, int threads,
                            const std::vector<double>& expected) {
  constexpr long some = 10;
  std::map<std::string, std::pair<double, std::size_t>> fastest;
  for (std::size_t i = 0; i < peer->variants().size(); ++i) {
    const PythonPeer::Variant& variant = peer->variants()[i];
    require_losses(*peer, i, expected);
    double least = peer->turn(i, some);
    for (int again = 0; again < 3; ++again) least = std::min(least, peer->turn(i, some));
    std::printf("%s, threads: %d, %s: %.3f ms, the losses of ae\n", variant.contender.c_str(),
                threads, variant.setting.c_str(), 1e3 * least / some);
    const auto [known, is_new] = fastest.try_emplace(variant.contender, least, i);
    if (!is_new) known->second = std::min(known->second, {least, i});
  }
  for (const auto& [contender, best] : fastest) {
    const std::size_t at = best.second;
    const PythonPeer::Variant& variant = peer->variants()[at];
    contest.tell(contender + ", threads: " + std::to_string(threads),
                 peer->version() + ", " + variant.setting);
    contest.add({.name = name,
                 .contender = contender,
                 .threads = threads,
                 .flops = flops,
                 .precision = variant.precision,
                 .clocked = [peer, at](long times) { return peer->turn(at, times); }});
  }
}

}  // namespace bench

/// One training step of the horse network, and where its time goes.
#include "plain_eigen.hpp"
#include "python_peers.hpp"
#include "step_parts.hpp"
#include "support/busy.hpp"
#include "torch_contest.hpp"

namespace {

using namespace bench;

constexpr Index batch_size = 150;

/// A network, by the sizes from its input to its code, and how many samples it sees at a time.
struct Job {
  std::string name;
  std::vector<Index> sizes;
  Index batch;

  Network network() const {
    const std::vector<Index> back(sizes.rbegin(), sizes.rend());
    Network made{ae::Stack<float>(sizes), ae::Stack<float>::Mirror(back)};
    ae::detail::initialize(made, ae::XavierUniform{}, 0);
    return made;
  }

  /// Of all products of a step: each weight takes part in three, that of the first layer in two.
  double flops() const {
    double weights = 0;
    for (std::size_t i = 1; i < sizes.size(); ++i) {
      weights += 2 * static_cast<double>(sizes[i - 1] * sizes[i]);
    }
    const auto first = static_cast<double>(sizes[0] * sizes[1]);
    return 2 * static_cast<double>(batch) * (3 * weights - first);
  }

  std::vector<Matrix> batches() const {
    const Matrix x = samples(sizes.front(), 8 * batch);
    std::vector<Matrix> all;
    for (Index i = 0; i < 8; ++i) all.push_back(x.middleCols(i * batch, batch));
    return all;
  }
};

/// The horse network, and small ones, as tables of sensors have them.
std::vector<Job> jobs() {
  return {{"training step", {1024, 300, 150}, batch_size},
          {"30-16-8, batch 32", {30, 16, 8}, 32},
          {"30-16-8, batch 256", {30, 16, 8}, 256},
          {"60-64-32, batch 256", {60, 64, 32}, 256},
          {"100-75-40, batch 32", {100, 75, 40}, 32},
          {"100-75-40, batch 256", {100, 75, 40}, 256}};
}

/// `step` trains on one batch and returns the loss before it.
struct Contender {
  std::string name;
  std::function<double(const Matrix&)> step;
  Precision precision = Precision::full;
};

/// ae's network with everything that its trainer refers to.
struct AeTraining {
  explicit AeTraining(const Job& job, Precision precision = Precision::full)
      : network(job.network()) {
    trainer.set_precision(precision);
  }

  Network network;
  ae::detail::TrainingState<float> state;
  ae::detail::Trainer<float> trainer{network, state, ae::detail::FitParts(ae::L2{l2})};
};

Contender ae_contender(const Job& job, Precision precision) {
  return {precision == Precision::full ? "ae" : "ae bfloat16",
          [training = std::make_shared<AeTraining>(job, precision)](const Matrix& x) {
            return training->trainer.step(x, rate, 1);
          },
          precision};
}

/// With all gradients in memory before the first weight changes.
Contender ae_unfused(const Job& job) {
  return {"ae unfused", [training = std::make_shared<AeTraining>(job)](const Matrix& x) {
            return training->trainer.step(x, rate, 1, [](const auto&) {});
          }};
}

/// MiniDNN's layers are such expressions, too.
Contender plain_eigen(const Job& job, const Parameters& start) {
  return {"plain Eigen", [model = std::make_shared<PlainEigen>(start, job.batch)](const Matrix& x) {
            return model->step(x);
          }};
}

/// All of them, from the same weights.
std::vector<Contender> contenders(const Job& job) {
  const Parameters start = parameters(job.network());
  std::vector<Contender> all = {ae_contender(job, Precision::full),
                                ae_contender(job, Precision::bfloat16), ae_unfused(job),
                                plain_eigen(job, start)};
#ifdef BENCH_TORCH
  all.push_back({"libtorch", [model = std::make_shared<TorchModel>(start)](const Matrix& x) {
                   return model->step(x);
                 }});
#endif
  return all;
}

/// Contenders that do not learn the same are not compared: to a thousandth, to a hundredth with
/// products of bfloat16. Returns ae's losses. Throws.
std::vector<double> require_same_losses(const Job& job, const std::vector<Matrix>& all) {
  std::vector<Contender> runners = contenders(job);
  std::vector<double> losses;
  for (std::size_t step = 0; step < all.size(); ++step) {
    const double expected = losses.emplace_back(runners.front().step(all[step]));
    for (std::size_t i = 1; i < runners.size(); ++i) {
      const double found = runners[i].step(all[step]);
      const double tolerance = runners[i].precision == Precision::full ? 1e-3 : 1e-2;
      if (std::abs(found - expected) < tolerance * expected) continue;
      throw std::runtime_error(ae::detail::text(job.name, ": losses differ in step ", step, ": ae ",
                                                expected, ", ", runners[i].name, ' ', found));
    }
  }
  std::printf("%s: after %zu steps every contender has loss %.6f, nearly\n", job.name.c_str(),
              all.size() - 1, losses.back());
  return losses;
}

Entry entry(const Job& job, const Contender& contender, int threads,
            const std::vector<Matrix>& all) {
  return {job.name,
          contender.name,
          threads,
          job.flops(),
          [&all, step = contender.step, at = std::size_t{0}]() mutable {
            step(all[at++ % all.size()]);
          },
          contender.precision};
}

/// The frameworks of Python, of which the filter wants a contender.
void add_python_peers(Contest& contest, const Options& options, const std::string& python,
                      const Job& job, int threads, const std::vector<Matrix>& all,
                      const std::vector<double>& losses) {
  for (const auto& [framework, name] :
       {std::pair("torch", "PyTorch"), {"tensorflow", "TensorFlow"}, {"jax", "JAX"}}) {
    const std::string contender = job.name + ", " + name;
    if (!options.wanted(contender) && !options.wanted(contender + " bfloat16")) continue;
    const auto peer =
        std::make_shared<PythonPeer>(python, framework, threads, parameters(job.network()), all);
    add_python_peer(contest, job.name, job.flops(), peer, threads, losses);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Options options(
      "Training steps of 1024-300-150-300-1024 with 150 pictures, and of small networks: Adam, "
      "MSE, "
      "L2.");
  bool parts = false, busy = false;
  std::string python;
  options.app.add_flag("--parts", parts, "also the parts of ae's step, each against its own limit");
  options.app.add_flag("--busy", busy, "beside as many busy processes as there are cores");
  options.app.add_option(
      "--python", python,
      "an interpreter with PyTorch, TensorFlow and JAX, which then take part in the first task");
  CLI11_PARSE(options.app, argc, argv);

  Contest contest = torch_contest(options);
  const std::vector<Job> all_jobs = jobs();
  std::vector<std::vector<Matrix>> batches;
  std::vector<std::vector<double>> losses;
  for (const Job& job : all_jobs) {
    batches.push_back(job.batches());
    losses.push_back(require_same_losses(job, batches.back()));
  }
  for (const int threads : options.threads) {
    for (std::size_t i = 0; i < all_jobs.size(); ++i) {
      for (const Contender& contender : contenders(all_jobs[i])) {
        contest.add(entry(all_jobs[i], contender, threads, batches[i]));
      }
      if (i == 0 && !python.empty()) {
        add_python_peers(contest, options, python, all_jobs[i], threads, batches[i], losses[i]);
      }
    }
  }
  const BusyProcesses others(busy ? omp_get_num_procs() : 0);
  contest.run();
  contest.write(parts ? step_parts(contest, options, batches.front()) : json::Object{});
}

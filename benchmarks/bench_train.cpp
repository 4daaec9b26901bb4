/// One training step of the horse network, and where its time goes.
#include "plain_eigen.hpp"
#include "step_parts.hpp"
#include "torch_contest.hpp"

namespace {

using namespace bench;

constexpr Index batch_size = 150;

/// `step` trains on one batch and returns the loss before it.
struct Contender {
  std::string name;
  std::function<double(const Matrix&)> step;
};

/// ae's network with everything that its trainer refers to.
struct AeTraining {
  Network network = horse_network();
  ae::detail::TrainingState<float> state;
  ae::detail::Trainer<float> trainer{network, state, ae::detail::FitParts(ae::L2{l2})};
};

Contender ae_contender() {
  return {"ae", [training = std::make_shared<AeTraining>()](const Matrix& x) {
            return training->trainer.step(x, rate, 1);
          }};
}

/// With all gradients in memory before the first weight changes.
Contender ae_unfused() {
  return {"ae unfused", [training = std::make_shared<AeTraining>()](const Matrix& x) {
            return training->trainer.step(x, rate, 1, [](const auto&) {});
          }};
}

Contender plain_eigen(const Parameters& start) {
  return {"plain Eigen", [model = std::make_shared<PlainEigen>(start, batch_size)](
                             const Matrix& x) { return model->step(x); }};
}

/// All of them, from the same weights.
std::vector<Contender> contenders() {
  const Parameters start = parameters(horse_network());
  std::vector<Contender> all = {ae_contender(), ae_unfused(), plain_eigen(start)};
#ifdef BENCH_TORCH
  all.push_back({"libtorch", [model = std::make_shared<TorchModel>(start)](const Matrix& x) {
                   return model->step(x);
                 }});
#endif
  return all;
}

std::vector<Matrix> batches() {
  std::vector<Matrix> all;
  const Matrix x = pictures(8 * batch_size);
  for (Index i = 0; i < 8; ++i) all.push_back(x.middleCols(i * batch_size, batch_size));
  return all;
}

/// Contenders that do not learn the same are not compared. Throws.
void require_same_losses(const std::vector<Matrix>& all) {
  std::vector<Contender> runners = contenders();
  for (std::size_t step = 0; step < all.size(); ++step) {
    const double expected = runners.front().step(all[step]);
    for (std::size_t i = 1; i < runners.size(); ++i) {
      const double found = runners[i].step(all[step]);
      if (std::abs(found - expected) < 1e-3 * expected) continue;
      throw std::runtime_error(ae::detail::text("losses differ in step ", step, ": ae ", expected,
                                                ", ", runners[i].name, ' ', found));
    }
    if (step + 1 == all.size()) {
      std::printf("after %zu steps every contender has loss %.6f, to a thousandth\n", step,
                  expected);
    }
  }
}

Entry entry(const Contender& contender, int threads, const std::vector<Matrix>& all) {
  return {"training step", contender.name, threads, horse_flops(batch_size, true),
          [&all, step = contender.step, at = std::size_t{0}]() mutable {
            step(all[at++ % all.size()]);
          }};
}

}  // namespace

int main(int argc, char** argv) {
  Options options("One training step of 1024-300-150-300-1024 with 150 pictures: Adam, MSE, L2.");
  bool parts = false;
  options.app.add_flag("--parts", parts, "also the parts of ae's step, each against its own limit");
  CLI11_PARSE(options.app, argc, argv);

  Contest contest = torch_contest(options);
  const std::vector<Matrix> all = batches();
  require_same_losses(all);
  for (const int threads : options.threads) {
    for (const Contender& contender : contenders()) contest.add(entry(contender, threads, all));
  }
  contest.run();
  contest.write(parts ? step_parts(contest, options, all) : json::Object{});
}

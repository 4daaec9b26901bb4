/// How the costs of training grow: with the batch, the network, the threads, the set.
#include <iostream>
#include <sstream>

#include "ae/autoencoder.hpp"
#include "ae/data/cifar.hpp"
#include "support/child.hpp"
#include "support/contest.hpp"

namespace {

using namespace bench;
using ae::Index;
using Matrix = ae::Matrix<float>;
using Sizes = std::vector<Index>;

/// One training to be measured: a step, or a whole epoch if there are pictures.
struct Run {
  std::string axis;
  Index value;
  Sizes sizes = {1024, 300, 150, 300, 1024};
  Index batch = 150;
  Index pictures = 0;
  int threads = 0;  ///< all that are allowed, if 0

  std::string name() const { return axis + ' ' + std::to_string(value); }
  double flops() const {
    double sum = 0;
    for (std::size_t i = 1; i < sizes.size(); ++i) {
      sum += (i == 1 ? 4.0 : 6.0) * static_cast<double>(sizes[i - 1] * sizes[i]);
    }
    return sum * static_cast<double>(pictures > 0 ? pictures : batch);
  }
};

std::vector<Index> doubled(Index from, Index to) {
  std::vector<Index> all;
  for (; from <= to; from *= 2) all.push_back(from);
  return all;
}

/// Everything that is varied, one thing at a time.
std::vector<Run> runs(int most_threads) {
  std::vector<Run> all;
  for (const Index batch : doubled(1, 4096)) {
    all.push_back({.axis = "batch", .value = batch, .batch = batch});
  }
  for (const Index width : doubled(64, 4096)) {
    all.push_back(
        {.axis = "width", .value = width, .sizes = {1024, width, width / 2, width, 1024}});
  }
  for (Index depth = 1; depth <= 8; ++depth) {
    Sizes sizes(static_cast<std::size_t>(depth) + 2, 300);
    sizes.front() = sizes.back() = 1024;
    all.push_back({.axis = "depth", .value = depth, .sizes = sizes});
  }
  for (int threads = 1; threads <= most_threads; ++threads) {
    all.push_back({.axis = "threads", .value = threads, .threads = threads});
  }
  for (const Index pictures : {1250, 2500, 5000, 10'000, 20'000, 50'000}) {
    all.push_back({.axis = "pictures", .value = pictures, .pictures = pictures});
  }
  for (Run& run : all) run.threads = run.threads > 0 ? run.threads : most_threads;
  return all;
}

/// Steps on one batch of random samples.
void add_step(Contest& contest, const Run& run) {
  using Hidden = ae::Stack<float, ae::Elu, ae::Identity>;
  struct Training {
    Hidden network;
    ae::detail::TrainingState<float> state = {};
    ae::detail::Trainer<float> trainer{network, state, ae::detail::FitParts(ae::L2{1e-4})};
    explicit Training(Hidden hidden) : network(std::move(hidden)) {}
  };
  const auto training = std::make_shared<Training>(Hidden(run.sizes));
  ae::detail::initialize(training->network, ae::XavierUniform{}, 0);
  const auto step = [training, x = Matrix(Matrix::Random(run.sizes.front(), run.batch))] {
    training->trainer.step(x, 1e-4, 1);
  };
  contest.add({run.name(), "ae", run.threads, run.flops(), step});
}

/// Epochs of a set that is kept in bytes, as the pictures of files are.
void add_epoch(Contest& contest, const Run& run) {
  std::vector<std::uint8_t> bytes(
      static_cast<std::size_t>(run.pictures * (1 + ae::Pictures::planes)));
  const ae::Random random(0, ae::Purpose::draw);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(random.bits(i / 8) >> (i % 8 * 8));
  }
  const ae::Pictures pictures = ae::Pictures(std::move(bytes), 1).grayscale();
  const auto model = std::make_shared<ae::StackedAutoencoder<float>>(Sizes{1024, 300, 150});
  model->set_scaler(ae::Scaler<float>::fit(pictures));
  contest.add({run.name(), "ae", run.threads, run.flops(), [=] {
                 model->fit(pictures, {.epochs = 1, .batch_size = 150, .learning_rate = 1e-4},
                            ae::L2{1e-4});
               }});
}

/// In a child: measures one run and prints the milliseconds of each round.
void measure(const Run& run, const Options& options) {
  Contest contest(options);
  contest.use_threads(run.threads);
  run.pictures > 0 ? add_epoch(contest, run) : add_step(contest, run);
  contest.measure();
  for (const double ms : contest.entries().front().ms) std::cout << ms << '\n';
}

Entry run_in_child(const Run& run, const Options& options) {
  const Child child = run_child({"--child", run.name(), "--rounds", std::to_string(options.rounds),
                                 "--threads", std::to_string(run.threads)});
  Entry entry{run.name(), "ae", run.threads, run.flops(), {}};
  std::istringstream in(child.output);
  for (double ms; in >> ms;) entry.ms.push_back(ms);
  entry.peak_mib = child.peak_mib;
  return entry;
}

}  // namespace

int main(int argc, char** argv) {
  Options options("Training time and peak memory against batch, width, depth, threads, pictures.");
  options.rounds = 5;
  std::string child;
  options.app.add_option("--child", child, "only this run, in this process")->group("");
  CLI11_PARSE(options.app, argc, argv);

  Contest contest(options);
  for (const Run& run : runs(std::ranges::max(options.threads))) {
    if (run.name() == child) {
      measure(run, options);
    } else if (child.empty() && options.wanted(run.name())) {
      contest.adopt(run_in_child(run, options));
    }
  }
  if (!child.empty()) return 0;
  contest.print();
  contest.write();
}

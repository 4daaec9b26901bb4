/// Training on several processes: the time of a step, what it sends, and how long it is at that.
/// Weak scaling keeps the samples of a process, strong scaling those of all. Started by mpirun;
/// rank 0 prints a table. With one process it measures `model.fit` too, on as many threads as
/// OpenMP has.
#include <CLI/CLI.hpp>
#include <ae/autoencoder.hpp>
#include <ae/mpi.hpp>
#include <chrono>
#include <cstdio>

namespace {

using ae::Index;
using Clock = std::chrono::steady_clock;

struct Settings {
  std::vector<Index> layers = {1024, 300, 150};
  Index batch = 150;  // of a process, or of all
  Index steps = 300;  // of a run
  int rounds = 5;
};

struct Run {
  const char* name;
  ae::mpi::Options options;
};

struct Times {
  double step, communication, bytes;
};

/// The median over the rounds of the time of a step, in seconds, on the slowest process.
Times measure(const Settings& settings, Index batch, const ae::Matrix<float>& x, const Run* run) {
  std::vector<double> steps, shares;
  ae::mpi::Traffic traffic;
  for (int round = 0; round < settings.rounds; ++round) {
    ae::StackedAutoencoder model(settings.layers);
    const ae::FitOptions options{.epochs = std::max<Index>(1, settings.steps * batch / x.cols()),
                                 .batch_size = batch,
                                 .warn = nullptr};
    double seconds[2] = {0, 0};
    Index count = options.epochs * ((x.cols() + batch - 1) / batch);
    if (run != nullptr) {
      ae::mpi::Options how = run->options;
      how.traffic = &traffic;
      MPI_Barrier(MPI_COMM_WORLD);
      seconds[0] = ae::mpi::fit(model, x, options, how, ae::L2{1e-4}).back().seconds;
      seconds[1] = traffic.seconds;
      MPI_Allreduce(MPI_IN_PLACE, seconds, 2, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    } else {
      seconds[0] = model.fit(x, options, ae::L2{1e-4}).back().seconds;
    }
    steps.push_back(seconds[0] / static_cast<double>(count));
    shares.push_back(seconds[1] / static_cast<double>(count));
  }
  const auto median = [](std::vector<double> all) {
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
  };
  return {median(steps), median(shares),
          traffic.steps > 0 ? traffic.bytes / static_cast<double>(traffic.steps) : 0};
}

void print(const char* scaling, const char* name, Index batch, const Times& times) {
  std::printf("| %-6s | %-22s | %6td | %9.3f | %9.3f | %6.1f | %8.0f |\n", scaling, name, batch,
              1e3 * times.step, 1e3 * times.communication, 100 * times.communication / times.step,
              times.bytes);
  std::fflush(stdout);
}

int work(int argc, char** argv) {
  Settings settings;
  CLI::App app("Measures training on several processes.", "bench_scaling");
  app.add_option("--layers", settings.layers, "sizes from the input to the code")->delimiter(',');
  app.add_option("--batch", settings.batch, "samples in a step");
  app.add_option("--steps", settings.steps, "steps of a run");
  app.add_option("--rounds", settings.rounds, "runs, of which the median counts");
  CLI11_PARSE(app, argc, argv);
  int rank = 0, ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  const ae::Matrix<float> x = ae::Matrix<float>::Random(settings.layers.front(), 6000);
  const Run runs[] = {{"whole state", {}},
                      {"in the order of ranks", {.rank_order = true}},
                      {"sharded state", {.sharded_state = true}},
                      {"bfloat16", {.bfloat16 = true}},
                      {"sharded, bfloat16", {.sharded_state = true, .bfloat16 = true}}};
  if (rank == 0) {
    std::printf("%d ranks\n\n", ranks);
    std::printf(
        "| scaling | gradients | batch | step, ms | of it in MPI, ms | %% | bytes sent |\n");
    std::printf("| --- | --- | ---: | ---: | ---: | ---: | ---: |\n");
  }
  if (ranks == 1)
    print("none", "model.fit", settings.batch, measure(settings, settings.batch, x, nullptr));
  for (const bool weak : {false, true}) {
    const Index batch = weak ? settings.batch * ranks : settings.batch;
    for (const Run& run : runs) {
      const Times times = measure(settings, batch, x, &run);
      if (rank == 0) print(weak ? "weak" : "strong", run.name, batch, times);
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const ae::mpi::Session mpi(argc, argv);
  return work(argc, argv);
}

// The well-known lesson, in C++: an autoencoder 1024-300-150-300-1024 learns 5,000 grayscale horses
// of CIFAR-10, and shows what it makes of horses that it has never seen.

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <optional>

#include "ae/autoencoder.hpp"
#include "ae/data/augmented.hpp"
#include "ae/data/cifar.hpp"
#include "ae/io/checkpoint.hpp"
#include "ae/io/model_file.hpp"
#include "ae/parts/augmentation.hpp"
#include "ae/tools/initialize_in_pairs.hpp"
#include "chart.hpp"
#include "horses.hpp"
#include "picture.hpp"

namespace {

namespace fs = std::filesystem;

struct Settings {
  std::string data;
  fs::path out = "out/horse";
  ae::Index epochs = 100;
  ae::Index batch = 150;
  std::optional<double> rate;
  std::optional<double> l2;
  std::vector<ae::Index> layers = {1024, 300, 150};
  std::string start = "pairs";
  bool mirror = true;
  ae::Index shift = 1;
  std::uint64_t seed = 0;
  int threads = 0;
  bool tutorial = false;
  fs::path checkpoint;
  ae::Index every = 0;
  bool resume = false;
};

using Data = examples::Horses;

struct Result {
  ae::History history;
  std::vector<double> next_batch_loss;  // of the tutorial, for each epoch
  double train_mse, test_mse, pca_train_mse, pca_test_mse;
};

Settings parse(int argc, char** argv) {
  Settings settings;
  CLI::App app("Trains an autoencoder on the horses of CIFAR-10.");
  app.add_option("--data", settings.data,
                 "folder of the CIFAR-10 binary files (default: $AE_CIFAR10_DIR, else "
                 "data/cifar-10-batches-bin, else drawn pictures)");
  app.add_option("--out", settings.out, "folder for the results")->capture_default_str();
  app.add_option("--epochs", settings.epochs, "times through the pictures")->capture_default_str();
  app.add_option("--batch", settings.batch, "pictures in a step")->capture_default_str();
  app.add_option("--rate", settings.rate, "Adam's rate (default: 0.0005; tutorial: 0.01)");
  app.add_option("--l2", settings.l2, "weight of the L2 penalty (default: 0.0001; tutorial: 0)");
  app.add_option("--layers", settings.layers, "sizes from the input to the code")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--start", settings.start,
                 "first weights: pairs (of units, which begin as PCA) or xavier")
      ->check(CLI::IsMember({"pairs", "xavier"}))
      ->capture_default_str();
  app.add_flag("--mirror,!--no-mirror", settings.mirror, "mirror every second picture (default)");
  app.add_option("--shift", settings.shift, "pixels by which pictures are moved to a side")
      ->capture_default_str();
  app.add_option("--seed", settings.seed, "of weights, order and drawn pictures")
      ->capture_default_str();
  app.add_option("--threads", settings.threads, "0: as many as OpenMP finds")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  app.add_flag("--tutorial", settings.tutorial,
               "the lesson's parts to the letter: raw pixels, constant rate, file order, no L2");
  app.add_option("--checkpoint", settings.checkpoint,
                 "file to go on from after a stop (default: checkpoint.safetensors in --out)");
  app.add_option("--every", settings.every,
                 "epochs between checkpoints; 0: only when Ctrl-C stops the training")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_flag("--resume", settings.resume, "go on from the checkpoint")->excludes("--tutorial");
  examples::parse(app, argc, argv);
  if (settings.checkpoint.empty()) settings.checkpoint = settings.out / "checkpoint.safetensors";
  return settings;
}

/// The batch that a sequential order takes next, after so many epochs.
ae::Matrix<float> next_batch(const ae::Pictures& pictures, ae::Index epochs, ae::Index batch_size) {
  ae::BatchSampler batches(pictures.samples(), batch_size, ae::Order::sequential, 0);
  batches.start(epochs);
  ae::Matrix<float> x(pictures.features(), batch_size);
  pictures.read<float>(batches[0], x);
  return x;
}

void print_epoch(const ae::EpochReport& epoch, double loss) {
  std::printf("epoch %3td  loss %8.1f  rate %.5f  %6.1f s\n", epoch.epoch, loss,
              epoch.learning_rate, epoch.seconds);
  std::fflush(stdout);
}

/// The lesson's network, and the default's: its codes are linear.
using Lesson = ae::StackedAutoencoder<>;
using Layers = ae::Stack<float, ae::Relu, ae::Identity>;
using Improved = ae::StackedAutoencoder<float, Layers, Layers>;

volatile std::sig_atomic_t interrupted = 0;

/// Saves a checkpoint when it is due, and when Ctrl-C asks to stop.
template <class Model>
void keep_checkpoints(const Model& model, const Settings& settings, ae::Progress& at) {
  if (interrupted) at.stop = true;
  const bool due = settings.every > 0 && at.epoch_ended && (at.epoch + 1) % settings.every == 0;
  if (due || at.stop) ae::save_checkpoint(model, settings.checkpoint);
}

/// The tutorial's loss is that of the batch that comes next.
template <class Model>
void report(const Model& model, const Data& data, const Settings& settings, Result& result,
            const ae::Progress& at) {
  if (!at.epoch_ended) return;
  const ae::EpochReport& epoch = at.history.back();
  double loss = epoch.total();
  if (settings.tutorial) {
    loss = model.evaluate(next_batch(data.train, epoch.epoch + 1, settings.batch));
    result.next_batch_loss.push_back(loss);
  }
  if (at.epoch % 10 == 0 || at.epoch + 1 == at.epochs) print_epoch(epoch, loss);
}

/// Weights and units that the default begins with.
void start(Improved& model, const Data& data, const Settings& settings,
           const ae::RandomFlipAndShift& moved) {
  constexpr ae::Index copies = 5;
  if (settings.start == "xavier") {
    model.set_scaler(ae::Scaler<float>::fit(data.train));
  } else {
    ae::initialize_in_pairs(model, ae::Augmented(data.train, moved, copies));
  }
}

/// The default: see docs/horses.md for what each part of it gives.
ae::History fit(Improved& model, const Data& data, const Settings& settings,
                ae::FitOptions options) {
  const ae::RandomFlipAndShift moved{
      .width = ae::Pictures::side, .shift = settings.shift, .mirrored = settings.mirror};
  const ae::L2 l2{settings.l2.value_or(1e-4)};
  options.learning_rate = settings.rate.value_or(5e-4);
  options.schedule = ae::cosine(0.05);
  if (!settings.resume) start(model, data, settings, moved);
  return model.fit(data.train, options, l2, moved);
}

/// The lesson, to the letter.
ae::History fit(Lesson& model, const Data& data, const Settings& settings, ae::FitOptions options) {
  options.learning_rate = settings.rate.value_or(0.01);
  options.order = ae::Order::sequential;
  return model.fit(data.train, options, ae::L2{settings.l2.value_or(0)});
}

template <class Model>
Result train(Model& model, const Data& data, const Settings& settings) {
  Result result{};
  if (settings.resume) ae::load_checkpoint(model, settings.checkpoint);
  std::vector<ae::Callback> callbacks = examples::bar_on_terminal();
  callbacks.push_back([&](ae::Progress& at) { report(model, data, settings, result, at); });
  callbacks.push_back([&](ae::Progress& at) { keep_checkpoints(model, settings, at); });
  std::signal(SIGINT, [](int) { interrupted = 1; });
  result.history = fit(model, data, settings,
                       {.epochs = settings.epochs,
                        .batch_size = settings.batch,
                        .seed = settings.seed,
                        .resume = settings.resume,
                        .callbacks = callbacks});
  std::signal(SIGINT, SIG_DFL);
  return result;
}

/// Beside PCA of the same pictures.
template <class Model>
void measure(Result& result, const Model& model, const Data& data) {
  const auto pca = ae::Pca<float>::fit(data.train, model.code_size());
  result.train_mse = model.evaluate(data.train);
  result.test_mse = model.evaluate(data.test);
  result.pca_train_mse = pca.evaluate(data.train);
  result.pca_test_mse = pca.evaluate(data.test);
  std::printf("mean squared error a pixel, 0..255   train    test\n");
  std::printf("  this network                    %8.1f%8.1f\n", result.train_mse, result.test_mse);
  std::printf("  PCA with as many codes (%4td)   %8.1f%8.1f\n", pca.code_size(),
              result.pca_train_mse, result.pca_test_mse);
}

/// Test picture 13 beside its reconstruction, and 20 test horses over theirs.
template <class Model>
void write_pictures(const Model& model, const Data& data, const fs::path& out) {
  const ae::Index shown = std::min<ae::Index>(13, data.whole_test.samples() - 1);
  ae::Matrix<float> pair(model.features(), 2);
  data.whole_test.read<float>(std::array{shown}, pair.leftCols(1));
  pair.col(1) = model.reconstruct(pair.leftCols(1));
  examples::write_sheet(out / "reconstruction.png", pair, {.columns = 2, .zoom = 8});

  const ae::Index columns = 10, count = std::min<ae::Index>(20, data.test.samples());
  ae::Matrix<float> sheet(model.features(), 0);
  for (ae::Index first = 0; first < count; first += columns) {
    std::vector<ae::Index> picks(static_cast<std::size_t>(std::min(columns, count - first)));
    std::iota(picks.begin(), picks.end(), first);
    ae::Matrix<float> x(model.features(), static_cast<ae::Index>(picks.size()));
    data.test.read<float>(picks, x);
    sheet.conservativeResize(Eigen::NoChange, 2 * first + 2 * x.cols());
    sheet.rightCols(2 * x.cols()) << x, model.reconstruct(x);
  }
  examples::write_sheet(out / "contact_sheet.png", sheet, {.columns = std::min(columns, count)});
}

void write_history(const Result& result, const fs::path& out) {
  std::string csv = "epoch,data_loss,penalty,total,rate,seconds";
  csv += result.next_batch_loss.empty() ? "\n" : ",next_batch_loss\n";
  std::vector<double> losses;
  for (std::size_t i = 0; i < result.history.size(); ++i) {
    const ae::EpochReport& epoch = result.history[i];
    csv += ae::detail::text(epoch.epoch, ',', epoch.data_loss, ',', epoch.penalty, ',',
                            epoch.total(), ',', epoch.learning_rate, ',', epoch.seconds);
    csv += result.next_batch_loss.empty() ? "\n"
                                          : ae::detail::text(',', result.next_batch_loss[i], '\n');
    losses.push_back(epoch.data_loss);
  }
  ae::write_file(csv, out / "history.csv");
  examples::write_chart(out / "loss.svg", "Mean squared error a pixel while training",
                        {{"network", "#1f5fa8", losses},
                         {"PCA", "#c0392b", std::vector(losses.size(), result.pca_train_mse)}});
}

void write_summary(const Result& result, const Data& data, const Settings& settings, int threads) {
  ae::write_file(
      ae::detail::text(
          "{\n  \"mode\": \"", settings.tutorial ? "tutorial" : "default", "\",\n  \"epochs\": ",
          result.history.size(), ",\n  \"train_images\": ", data.train.samples(),
          ",\n  \"test_images\": ", data.test.samples(),
          ",\n  \"code_size\": ", settings.layers.back(), ",\n  \"train_mse\": ", result.train_mse,
          ",\n  \"test_mse\": ", result.test_mse, ",\n  \"pca_train_mse\": ", result.pca_train_mse,
          ",\n  \"pca_test_mse\": ", result.pca_test_mse,
          ",\n  \"train_seconds\": ", result.history.back().seconds, ",\n  \"threads\": ", threads,
          ",\n  \"seed\": ", settings.seed,
          ",\n  \"synthetic\": ", data.synthetic ? "true" : "false", "\n}\n"),
      settings.out / "summary.json");
}

/// Throws ae::OptionError for sizes that cannot take the pictures.
void require_sizes(const std::vector<ae::Index>& layers) {
  ae::detail::require<ae::OptionError>(layers.front() == ae::Pictures::pixels,
                                       "--layers: expected ", ae::Pictures::pixels,
                                       " first, the pixels of a picture, found ", layers.front());
  ae::detail::require<ae::OptionError>(layers.back() <= ae::Pictures::pixels,
                                       "--layers: expected a code of ", "at most ",
                                       ae::Pictures::pixels, " numbers, found ", layers.back());
}

template <class Model>
int run(const Settings& settings) {
  require_sizes(settings.layers);
  const int threads = examples::use_threads(settings.threads);
  fs::create_directories(settings.out);
  const Data data = examples::load_horses(settings.data, settings.out, settings.seed);
  Model model(settings.layers, settings.seed);
  Result result = train(model, data, settings);
  if (interrupted) {
    std::cout << "stopped; the same command with --resume goes on from "
              << settings.checkpoint.string() << '\n';
    return 130;  // as a shell says of a program that Ctrl-C ended
  }

  const fs::path file = settings.out / "model.safetensors";
  ae::save(model, file);
  const auto loaded = ae::load<Model>(file);

  measure(result, loaded, data);
  write_pictures(loaded, data, settings.out);
  write_history(result, settings.out);
  write_summary(result, data, settings, threads);
  std::cout << "model, pictures and figures are in " << settings.out.string() << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::run_program("cifar_horse", [&] {
    const Settings settings = parse(argc, argv);
    return settings.tutorial ? run<Lesson>(settings) : run<Improved>(settings);
  });
}

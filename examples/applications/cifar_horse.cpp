// The well-known lesson, in C++: an autoencoder 1024-300-150-300-1024 learns 5,000 grayscale horses
// of CIFAR-10, and shows what it makes of horses that it has never seen.

#include <ae/autoencoder.hpp>
#include <ae/data/augmented.hpp>
#include <ae/data/batch_sampler.hpp>
#include <ae/tools/initialize_in_pairs.hpp>
#include <array>
#include <cstdio>
#include <iostream>
#include <optional>

#include "common/chart.hpp"
#include "common/history_file.hpp"
#include "common/horses.hpp"
#include "common/picture.hpp"
#include "common/ranks.hpp"
#include "common/stop.hpp"

namespace {

namespace fs = std::filesystem;

struct Settings : examples::CommonSettings {
  ae::Index batch = 150;
  std::optional<double> rate;
  std::optional<double> l2;
  std::vector<ae::Index> layers = {1024, 300, 150};
  std::string start = "pairs";
  bool mirror = true;
  ae::Index shift = 1;
  std::string precision = "float32";
  bool tutorial = false;
  fs::path checkpoint;
  ae::Index every = 0;
};

using Data = examples::Horses;

struct Result {
  ae::History history;
  std::vector<double> next_batch_loss;  // of the tutorial, for each epoch
  double train_mse, test_mse, pca_train_mse, pca_test_mse;
};

/// A start in pairs carries each number of the code through two units of the hidden layer.
void require_pairs(const std::vector<ae::Index>& layers) {
  if (layers.size() == 3 && layers[1] >= 2 * layers[2]) return;
  throw examples::wrong_option(
      "--layers",
      "expected, for a start in pairs, three sizes with two hidden units or more for "
      "each number of the code; --start xavier takes any");
}

void add_options(CLI::App& app, Settings& settings) {
  using examples::from_to;
  app.add_option("--batch", settings.batch, "pictures in a step")
      ->check(from_to(1, 1e6))
      ->capture_default_str();
  app.add_option("--rate", settings.rate, "Adam's rate (default: 0.0005; tutorial: 0.01)")
      ->check(examples::above_zero());
  app.add_option("--l2", settings.l2, "weight of the L2 penalty (default: 0.0001; tutorial: 0)")
      ->check(from_to(0, 1e6));
  examples::add_layers(app, settings.layers);
  app.add_option("--start", settings.start,
                 "first weights: pairs (of units, which begin as PCA) or xavier")
      ->check(CLI::IsMember({"pairs", "xavier"}))
      ->capture_default_str();
  app.add_flag("--mirror,!--no-mirror", settings.mirror, "mirror every second picture (default)");
  app.add_option("--shift", settings.shift, "pixels by which pictures are moved to a side")
      ->check(from_to(0, ae::Pictures::side - 1))
      ->capture_default_str();
  app.add_option("--precision", settings.precision,
                 "of the products in training: float32 or bfloat16, which is faster where the "
                 "processor multiplies it")
      ->check(CLI::IsMember({"float32", "bfloat16"}))
      ->capture_default_str();
  app.add_flag("--tutorial", settings.tutorial,
               "the lesson's parts to the letter: raw pixels, constant rate, file order, no L2");
  app.add_option("--checkpoint", settings.checkpoint,
                 "file to go on from after a stop (default: checkpoint.safetensors in --out)");
  app.add_option("--every", settings.every,
                 "epochs between checkpoints; 0: only when Ctrl-C stops the training")
      ->check(from_to(0, 1e9))
      ->capture_default_str();
  examples::add_resume(app, settings)->excludes("--tutorial");
  examples::add_ranks_options(app);
  app.final_callback([&] {
    examples::require_layers(settings.layers);
    if (!settings.tutorial && settings.start == "pairs") require_pairs(settings.layers);
  });
}

/// The batch that a sequential order takes next, after so many epochs.
ae::Matrix<float> next_batch(const ae::Pictures& pictures, ae::Index epochs, ae::Index batch_size) {
  ae::BatchSampler batches(pictures.samples(), batch_size, ae::Order::sequential, 0);
  batches.start(epochs);
  ae::Matrix<float> x(pictures.features(), batch_size);
  pictures.read<float>(batches[0], x);
  return x;
}

/// The lesson's network, and the default's: its codes are linear.
using Lesson = ae::StackedAutoencoder<>;
using Layers = ae::Stack<float, ae::Relu, ae::Identity>;
using Improved = ae::StackedAutoencoder<float, Layers, Layers>;

/// The tutorial's loss is that of the batch that comes next.
void add_next_batch_loss(const Lesson& model, const Data& data, const Settings& settings,
                         Result& result, const ae::Progress& at) {
  if (!at.epoch_ended) return;
  const ae::Index epochs = at.history.back().epoch + 1;
  result.next_batch_loss.push_back(model.evaluate(next_batch(data.train, epochs, settings.batch)));
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
  return examples::fit(model, data.train, options, l2, moved);
}

/// The lesson, to the letter.
ae::History fit(Lesson& model, const Data& data, const Settings& settings, ae::FitOptions options) {
  options.learning_rate = settings.rate.value_or(0.01);
  options.order = ae::Order::sequential;
  return examples::fit(model, data.train, options, ae::L2{settings.l2.value_or(0)});
}

template <class Model>
std::vector<ae::Callback> callbacks(const Model& model, const Data& data, const Settings& settings,
                                    Result& result) {
  std::vector<ae::Callback> all;
  if constexpr (std::is_same_v<Model, Lesson>) {
    all = examples::progress([&](const auto&) { return result.next_batch_loss.back(); });
    all.insert(all.begin(),
               [&](ae::Progress& at) { add_next_batch_loss(model, data, settings, result, at); });
  } else {
    all = examples::progress();
  }
  all.insert(all.begin(), [keep = examples::keep_checkpoints(model, settings.checkpoint,
                                                             settings.every)](ae::Progress& at) {
    if (examples::Ranks::may_stop(at)) keep(at);
  });
  return all;
}

template <class Model>
Result train(Model& model, const Data& data, const Settings& settings) {
  Result result{};
  if (settings.resume) ae::load_checkpoint(model, settings.checkpoint);
  const examples::CtrlC ctrl_c;
  result.history = fit(model, data, settings,
                       {.epochs = settings.epochs,
                        .batch_size = settings.batch,
                        .precision = settings.precision == "bfloat16" ? ae::Precision::bfloat16
                                                                      : ae::Precision::full,
                        .seed = settings.seed,
                        .resume = settings.resume,
                        .callbacks = callbacks(model, data, settings, result)});
  if (!examples::CtrlC::pressed()) return result;
  throw examples::Stopped{settings.tutorial ? "--tutorial cannot be gone on with"
                                            : "the same command with --resume goes on from " +
                                                  settings.checkpoint.string()};
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

  const ae::Matrix<float> horses = data.test.matrix();
  const ae::Index columns = 10, count = std::min<ae::Index>(20, horses.cols());
  ae::Matrix<float> sheet(model.features(), 2 * count);
  for (ae::Index first = 0; first < count; first += columns) {
    const auto row = horses.middleCols(first, std::min(columns, count - first));
    sheet.middleCols(2 * first, 2 * row.cols()) << row, model.reconstruct(row);
  }
  examples::write_sheet(out / "contact_sheet.png", sheet, {.columns = std::min(columns, count)});
}

void write_history(const Result& result, const fs::path& out) {
  examples::write_history(out / "history.csv", result.history, result.next_batch_loss);
  std::vector<double> losses;
  for (const ae::EpochReport& epoch : result.history) losses.push_back(epoch.data_loss);
  examples::write_chart(out / "loss.svg", "Mean squared error a pixel while training",
                        {{"network", "#1f5fa8", losses},
                         {"PCA", "#c0392b", std::vector(losses.size(), result.pca_train_mse)}});
}

void summarise(const Result& result, const Settings& settings, examples::Json& summary) {
  summary["mode"] = settings.tutorial ? "tutorial" : "default";
  summary["precision"] = settings.precision;
  summary["code_size"] = settings.layers.back();
  summary["train_mse"] = result.train_mse;
  summary["test_mse"] = result.test_mse;
  summary["pca_train_mse"] = result.pca_train_mse;
  summary["pca_test_mse"] = result.pca_test_mse;
  summary["train_seconds"] = result.history.back().seconds;
}

/// What `run` returns on a process that leaves the rest to another.
constexpr int only_trained = -1;

template <class Model>
int run(const Data& data, const Settings& settings, examples::Json& summary, bool is_first) {
  Model model(settings.layers, settings.seed);
  Result result = train(model, data, settings);
  if (!is_first) return only_trained;

  const fs::path file = settings.out / "model.safetensors";
  ae::save(model, file);
  const auto loaded = ae::load<Model>(file);

  measure(result, loaded, data);
  write_pictures(loaded, data, settings.out);
  write_history(result, settings.out);
  summarise(result, settings, summary);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  examples::Ranks ranks(argc, argv);
  Settings settings;
  settings.out = "out/horse";
  settings.epochs = 100;
  const int code = examples::run_on_horses(
      argc, argv, {"cifar_horse", "Trains an autoencoder on the horses of CIFAR-10."}, settings,
      [&](CLI::App& app) { add_options(app, settings); },
      [&](const Data& horses, examples::Json& summary) {
        if (settings.checkpoint.empty()) {
          settings.checkpoint = settings.out / "checkpoint.safetensors";
        }
        ranks.data_is_there();
        return settings.tutorial ? run<Lesson>(horses, settings, summary, ranks.is_first())
                                 : run<Improved>(horses, settings, summary, ranks.is_first());
      });
  return code == only_trained ? 0 : ranks.ended(code);
}

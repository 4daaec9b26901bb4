#include "common/horses.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

#include <ae/core/file.hpp>
#include <iostream>

#include "common/cifar_folder.hpp"

namespace examples {
namespace {

namespace fs = std::filesystem;
using std::to_string;

void add_common_options(CLI::App& app, CommonSettings& settings) {
  app.add_option("--data", settings.data,
                 "folder of the CIFAR-10 binary files (default: $AE_CIFAR10_DIR, else "
                 "data/cifar-10-batches-bin, else drawn pictures)");
  app.add_option("--out", settings.out, "folder for the results")->capture_default_str();
  app.add_option("--epochs", settings.epochs, "times through the pictures")
      ->check(from_to(1, 1e9))
      ->capture_default_str();
  app.add_option("--seed", settings.seed, "of everything that is drawn by chance")
      ->check(from_to(0, 1e18))
      ->capture_default_str();
  app.add_option("--threads", settings.threads, "0: as many as OpenMP finds")
      ->check(from_to(0, 256))
      ->capture_default_str();
}

/// Lets OpenMP have so many threads, 0: as many as it finds; returns how many it has.
int use_threads(int wanted) {
#ifdef _OPENMP
  if (wanted > 0) omp_set_num_threads(wanted);
  return omp_get_max_threads();
#else
  if (wanted > 1) throw wrong_option("--threads", "built without OpenMP, so with one thread");
  return 1;
#endif
}

/// Says on standard output where they come from. Throws ae::FileError.
Horses load_horses(const CommonSettings& settings) {
  const auto [folder, synthetic] =
      find_cifar10(settings.data, settings.out / "synthetic-cifar-10", settings.seed);
  const auto [train, test] = ae::cifar10::read_folder(folder);
  Horses horses{.train = train.only(ae::cifar10::horse).grayscale(),
                .test = test.only(ae::cifar10::horse).grayscale(),
                .whole_test = test.grayscale(),
                .synthetic = synthetic};
  const ae::Index learnt = horses.train.samples(), tested = horses.test.samples();
  if (learnt == 0 || tested == 0) {
    throw ae::FileError(folder.string() +
                        ": expected horses (label 7) to learn from and to test with, found " +
                        to_string(learnt) + " and " + to_string(tested));
  }
  std::cout << learnt << " horses to learn from, " << tested << " to test with (" << folder.string()
            << ")\n";
  return horses;
}

}  // namespace

int run_on_horses(int argc, char** argv, const About& about, CommonSettings& settings,
                  const std::function<void(CLI::App&)>& options,
                  const std::function<int(const Horses&, Json& summary)>& work) {
  const auto add_options = [&](CLI::App& app) {
    add_common_options(app, settings);
    options(app);
  };
  return run_program(argc, argv, about, add_options, [&] {
    const int threads = use_threads(settings.threads);
    fs::create_directories(settings.out);
    const Horses horses = load_horses(settings);
    Json summary = {{"epochs", settings.epochs},
                    {"train_images", horses.train.samples()},
                    {"test_images", horses.test.samples()},
                    {"threads", threads},
                    {"seed", settings.seed},
                    {"synthetic", horses.synthetic}};
    const int code = work(horses, summary);
    if (code != 0) return code;
    ae::write_file(summary.dump(2) + '\n', settings.out / "summary.json");
    std::cout << "models, pictures and figures are in " << settings.out.string() << '\n';
    return 0;
  });
}

CLI::Option* add_resume(CLI::App& app, CommonSettings& settings) {
  return app.add_flag("--resume", settings.resume, "go on where Ctrl-C has stopped the training");
}

void add_layers(CLI::App& app, std::vector<ae::Index>& layers) {
  app.add_option("--layers", layers, "sizes from the input to the code")
      ->delimiter(',')
      ->check(from_to(1, 1e9))
      ->capture_default_str();
}

void require_layers(const std::vector<ae::Index>& layers) {
  const auto require = [](bool good, const std::string& message) {
    if (!good) throw wrong_option("--layers", message);
  };
  const ae::Index pixels = ae::Pictures::pixels;
  std::string sizes;
  double weights = 0;  // of encoder and decoder
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (i > 0) weights += 2 * static_cast<double>(layers[i - 1]) * static_cast<double>(layers[i]);
    sizes += (i > 0 ? "," : "") + to_string(layers[i]);
  }
  require(layers.size() > 1, "expected at least two sizes, found " + sizes);
  require(layers.front() == pixels, "expected " + to_string(pixels) +
                                        " first, the pixels of a picture, found " +
                                        to_string(layers.front()));
  require(layers.back() <= pixels, "expected a code of at most " + to_string(pixels) +
                                       " numbers, found " + to_string(layers.back()));
  require(weights <= 0x1p31, "expected sizes of a network of at most 2^31 weights, found " + sizes);
}

}  // namespace examples

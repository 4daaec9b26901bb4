#include "horses.hpp"

#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include <cstdlib>
#include <iostream>
#include <optional>

#include "synthetic.hpp"

namespace examples {
namespace {

namespace fs = std::filesystem;

/// The folder that the user named, else the one of the environment, else the usual one if it is
/// there; else none.
std::optional<fs::path> find_data(const std::string& named) {
  if (!named.empty()) return named;
  if (const char* folder = std::getenv("AE_CIFAR10_DIR"); folder && *folder) return folder;
  const fs::path usual = "data/cifar-10-batches-bin";
  return fs::is_directory(usual) ? std::optional(usual) : std::nullopt;
}

}  // namespace

void add_common_options(CLI::App& app, CommonSettings& settings) {
  app.add_option("--data", settings.data,
                 "folder of the CIFAR-10 binary files (default: $AE_CIFAR10_DIR, else "
                 "data/cifar-10-batches-bin, else drawn pictures)");
  app.add_option("--out", settings.out, "folder for the results")->capture_default_str();
  app.add_option("--epochs", settings.epochs, "times through the pictures")->capture_default_str();
  app.add_option("--seed", settings.seed, "of everything that is drawn by chance")
      ->capture_default_str();
  app.add_option("--threads", settings.threads, "0: as many as OpenMP finds")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
}

void parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
}

int run_program(const char* name, const std::function<int()>& run) {
  try {
    return run();
  } catch (const std::exception& error) {
    std::cerr << name << ": " << error.what() << '\n';
    return 1;
  }
}

Horses load_horses(const std::string& named, const fs::path& out, std::uint64_t seed) {
  auto folder = find_data(named);
  const bool synthetic = !folder;
  if (synthetic) {
    folder = out / "synthetic-cifar-10";
    std::cout << "No CIFAR-10 here, so the pictures are drawn by the program: "
                 "scripts/get-cifar10 fetches the real ones.\n";
    draw_synthetic_cifar10(*folder, seed);
  }
  const auto [train, test] = ae::cifar10::read_folder(*folder);
  Horses horses{.train = train.only(ae::cifar10::horse).grayscale(),
                .test = test.only(ae::cifar10::horse).grayscale(),
                .whole_test = test.grayscale(),
                .synthetic = synthetic};
  ae::detail::require<ae::FileError>(
      horses.train.samples() > 0 && horses.test.samples() > 0, folder->string(),
      ": expected horses (label 7) to learn from and to test with, found ", horses.train.samples(),
      " and ", horses.test.samples());
  std::cout << horses.train.samples() << " horses to learn from, " << horses.test.samples()
            << " to test with (" << folder->string() << ")\n";
  return horses;
}

int use_threads(int wanted) {
#ifdef _OPENMP
  if (wanted > 0) omp_set_num_threads(wanted);
  return omp_get_max_threads();
#else
  return wanted > 1 ? throw ae::OptionError("--threads: built without OpenMP, so with one thread")
                    : 1;
#endif
}

std::vector<ae::Callback> bar_on_terminal() {
  if (!isatty(STDERR_FILENO)) return {};
  return {ae::ProgressBar(std::cerr)};
}

}  // namespace examples

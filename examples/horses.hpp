#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ae/data/cifar.hpp"
#include "ae/training/callbacks.hpp"

/// What the programs on the horses of CIFAR-10 share: options, pictures, threads.
namespace examples {

struct CommonSettings {
  std::string data = {};
  std::filesystem::path out;
  ae::Index epochs;
  std::uint64_t seed = 0;
  int threads = 0;
};

/// --data, --out, --epochs, --seed and --threads, with the settings as their defaults.
void add_common_options(CLI::App& app, CommonSettings& settings);

/// Reads the options; ends the program after --help, and after a mistake with a message.
void parse(CLI::App& app, int argc, char** argv);

/// What `run` returns, for main to return; after an error 1, with the error behind the program's
/// name on standard error.
int run_program(const char* name, const std::function<int()>& run);

/// Grayscale pictures, 0..255.
struct Horses {
  ae::Pictures train, test;  ///< horses only
  ae::Pictures whole_test;   ///< all classes
  bool synthetic;            ///< drawn by the program
};

/// From `data`, else $AE_CIFAR10_DIR, else data/cifar-10-batches-bin, else drawn in a folder under
/// `out`; says on standard output which of them it is. Throws ae::FileError.
Horses load_horses(const std::string& data, const std::filesystem::path& out, std::uint64_t seed);

/// Lets OpenMP have so many threads, 0: as many as it finds; returns how many it has. Throws
/// ae::OptionError where there is no OpenMP and more than one is wanted.
int use_threads(int wanted);

/// A progress bar for a fit, if standard error is a terminal.
std::vector<ae::Callback> bar_on_terminal();

}  // namespace examples

#pragma once

#include <CLI/CLI.hpp>
#include <ae/data/cifar.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/application.hpp"

/// What the programs on the horses of CIFAR-10 share: options, pictures, the summary.
namespace examples {

struct CommonSettings {
  std::string data = {};
  std::filesystem::path out;
  ae::Index epochs;
  std::uint64_t seed = 0;
  int threads = 0;
  bool resume = false;
};

/// Grayscale pictures, 0..255.
struct Horses {
  ae::Pictures train, test;  ///< horses only
  ae::Pictures whole_test;   ///< all classes
  bool synthetic;            ///< drawn by the program
};

using Json = nlohmann::ordered_json;

/// What main returns, as `run_program` has it. Adds --data, --out, --epochs, --seed and --threads
/// to the options, with the settings as their defaults. The horses come from --data, else
/// $AE_CIFAR10_DIR, else data/cifar-10-batches-bin, else they are drawn in a folder under --out.
/// `work` adds its figures to the summary, which is written to --out if it returns 0.
int run_on_horses(int argc, char** argv, const About& about, CommonSettings& settings,
                  const std::function<void(CLI::App&)>& options,
                  const std::function<int(const Horses&, Json& summary)>& work);

/// Adds --resume, for programs whose training Ctrl-C stops.
CLI::Option* add_resume(CLI::App& app, CommonSettings& settings);

/// Adds --layers, with its default in the vector.
void add_layers(CLI::App& app, std::vector<ae::Index>& layers);

/// For the parser's final callback. Throws CLI::ValidationError unless these are the sizes from the
/// pixels of a picture to a code of at most as many numbers, of a network of at most 2^31 weights.
void require_layers(const std::vector<ae::Index>& layers);

}  // namespace examples

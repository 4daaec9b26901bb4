#pragma once

#include <ae/data/schema.hpp>

#include "common/application.hpp"

/// What `detect` is asked to do.
namespace examples {

enum class DetectCommand { demo, fit, score, watch, explain };

struct DetectSettings {
  DetectCommand command = DetectCommand::demo;
  std::filesystem::path model = {}, table = {}, out = {}, report = {};
  ae::SchemaOptions schema = {};
  std::optional<char> decimal = {};
  bool ignore_unknown = false;
  std::optional<double> false_alarms = {};
  std::uint64_t seed = 0;
  ae::Index row = 0, columns = 10;
};

/// Adds the commands and their options; those that are not given get their defaults.
void add_detect_options(CLI::App& app, DetectSettings& settings);

}  // namespace examples

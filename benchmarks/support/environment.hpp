#pragma once

#include <omp.h>

#include <Eigen/Core>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "support/json.hpp"

/// What the figures were measured with.
namespace bench {

using Environment = std::vector<std::pair<std::string, std::string>>;

inline std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

inline std::string compiler() {
#ifdef __clang__
  return "Clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

inline Environment environment() {
  return {
      {"processor", processor()},
      {"cores", std::to_string(omp_get_num_procs())},
      {"compiler", compiler()},
      {"flags", BENCH_FLAGS},
      {"instruction set", Eigen::SimdInstructionSetsInUse()},
      {"Eigen", std::to_string(EIGEN_WORLD_VERSION) + '.' + std::to_string(EIGEN_MAJOR_VERSION) +
                    '.' + std::to_string(EIGEN_MINOR_VERSION)},
      {"Google Benchmark", BENCH_GOOGLE_BENCHMARK}};
}

inline void print(const Environment& environment) {
  for (const auto& [what, value] : environment) std::cout << what << ": " << value << '\n';
}

inline std::string to_json(const Environment& environment) {
  json::Object object;
  for (const auto& [what, value] : environment) object.emplace_back(what, json::text(value));
  return json::object(object);
}

}  // namespace bench

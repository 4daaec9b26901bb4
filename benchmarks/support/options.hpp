#pragma once

#include <omp.h>

#include <CLI/CLI.hpp>
#include <regex>
#include <string>
#include <vector>

namespace bench {

/// What every program may be told. Programs add options of their own to `app`.
struct Options {
  explicit Options(const std::string& description) : app(description) {
    app.add_option("--threads", threads, "numbers of threads, one after the other: 1,2")
        ->delimiter(',')
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--rounds", rounds, "how often each contender takes its turn")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--filter", filter,
                   "only \"name, contender\" that this regular expression finds");
    app.add_option("--json", json, "the file for the figures");
  }

  bool wanted(const std::string& name) const { return std::regex_search(name, std::regex(filter)); }

  CLI::App app;
  std::vector<int> threads =
      omp_get_num_procs() > 1 ? std::vector{1, omp_get_num_procs()} : std::vector{1};
  std::size_t rounds = 30;
  std::string filter, json;
};

}  // namespace bench

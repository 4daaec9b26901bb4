#pragma once

#include <CLI/CLI.hpp>
#include <ae/training/history.hpp>
#include <functional>
#include <string>
#include <vector>

/// What every program needs around its work: options and their ranges, exit codes, progress.
namespace examples {

struct About {
  const char* name;
  const char* purpose;
};

/// Thrown where Ctrl-C has stopped the work; `next` says how to go on.
struct Stopped {
  std::string next;
};

/// What main returns: 0 after `--help`, 2 after wrong options, 1 after any other error, each with a
/// message on standard error, and otherwise what `work` returns. Where it is Stopped, what it says
/// comes on standard output, and main returns 130, as a shell says of a program that Ctrl-C has
/// ended. `options` adds the program's own.
int run_program(int argc, char** argv, const About& about,
                const std::function<void(CLI::App&)>& options, const std::function<int()>& work);

/// To be thrown for an option that is wrong, before or after the parser has seen it.
CLI::ValidationError wrong_option(const std::string& option, const std::string& message);

/// Checks for options: finite numbers only, from `low` to `high`, or above 0.
CLI::Validator from_to(double low, double high);
CLI::Validator above_zero();

/// Callbacks that show how a fit goes on. A line on standard output for each epoch, or, of more
/// than 20, for every tenth and the last; with the epoch's total loss, unless `loss` gives another
/// one. And a bar, if standard error is a terminal.
std::vector<ae::Callback> progress(const std::function<double(const ae::EpochReport&)>& loss = {});

}  // namespace examples

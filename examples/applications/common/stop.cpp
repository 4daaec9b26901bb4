#include "common/stop.hpp"

#include <algorithm>
#include <csignal>

namespace examples {
namespace {

namespace fs = std::filesystem;

volatile std::sig_atomic_t interrupted = 0;

}  // namespace

CtrlC::CtrlC() {
  interrupted = 0;
  std::signal(SIGINT, [](int) { interrupted = 1; });
}

CtrlC::~CtrlC() {
  std::signal(SIGINT, SIG_DFL);
}

bool CtrlC::pressed() {
  return interrupted != 0;
}

Networks::Networks(fs::path folder, std::vector<std::string> names, bool resume)
    : folder_(std::move(folder)), names_(std::move(names)) {
  if (!resume) return;
  const auto found = std::ranges::find_if(
      names_, [&](const std::string& name) { return fs::exists(checkpoint(name)); });
  if (found == names_.end()) {
    throw ae::FileError(folder_.string() +
                        ": expected, for --resume, the checkpoint of a training that Ctrl-C has "
                        "stopped, found none; without --resume the training begins anew");
  }
  stopped_ = *found;
}

fs::path Networks::file(const std::string& name) const {
  return folder_ / (name + ".safetensors");
}

fs::path Networks::checkpoint(const std::string& name) const {
  return folder_ / (name + ".checkpoint.safetensors");
}

bool Networks::is_before_stop(const std::string& name) const {
  const auto at = [&](const std::string& one) { return std::ranges::find(names_, one); };
  return !stopped_.empty() && at(name) < at(stopped_);
}

void Networks::stop(const std::string& name) const {
  remove_checkpoints(name);
  throw Stopped{"the same command with --resume goes on from " + checkpoint(name).string()};
}

void Networks::remove_checkpoints(const std::string& but) const {
  for (const std::string& name : names_) {
    if (name != but) fs::remove(checkpoint(name));
  }
}

}  // namespace examples

#pragma once

#include <ae/io/checkpoint.hpp>
#include <ae/io/model_file.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/application.hpp"

/// Trainings that Ctrl-C stops, and that go on later.
namespace examples {

/// While there is one, Ctrl-C asks to stop instead of ending the program.
class CtrlC {
 public:
  CtrlC();
  ~CtrlC();
  CtrlC(const CtrlC&) = delete;
  CtrlC& operator=(const CtrlC&) = delete;

  static bool pressed();
};

/// Saves a checkpoint when Ctrl-C asks to stop, or when it is due: after every so many epochs, 0:
/// never.
template <class Model>
ae::Callback keep_checkpoints(const Model& model, std::filesystem::path path, ae::Index every = 0) {
  return [&model, path = std::move(path), every](ae::Progress& at) {
    if (CtrlC::pressed()) at.stop = true;
    const bool due = every > 0 && at.epoch_ended && (at.epoch + 1) % every == 0;
    if (due || at.stop) ae::save_checkpoint(model, path);
  };
}

/// The networks that a program trains one after the other, each with a file NAME.safetensors in the
/// folder of the results. Where Ctrl-C stops one there is NAME.checkpoint.safetensors, for this one
/// alone; those before it are in their files. Pressed between two of them, it stops the next one.
class Networks {
 public:
  /// The names in the order of their training; `resume`: goes on where Ctrl-C has stopped. Throws
  /// ae::FileError if it has stopped nothing.
  Networks(std::filesystem::path folder, std::vector<std::string> names, bool resume);

  std::filesystem::path file(const std::string& name) const;

  /// Trains by `fit(resume, callbacks)`, which shows its progress, and saves the network; one that
  /// was trained before the stop is loaded instead. Throws Stopped.
  template <class Model>
  ae::History train(const std::string& name, Model& model, const auto& fit) {
    if (is_before_stop(name)) {
      model = ae::load<Model>(file(name));
      return {};
    }
    const bool resume = name == stopped_;
    if (resume) ae::load_checkpoint(model, checkpoint(name));
    std::vector<ae::Callback> callbacks = progress();
    callbacks.insert(callbacks.begin(), keep_checkpoints(model, checkpoint(name)));
    ae::History history = fit(resume, callbacks);
    if (CtrlC::pressed() && std::filesystem::exists(checkpoint(name))) stop(name);
    ae::save(model, file(name));
    remove_checkpoints("");
    if (name == names_.back()) ctrl_c_.reset();
    return history;
  }

 private:
  std::filesystem::path checkpoint(const std::string& name) const;
  bool is_before_stop(const std::string& name) const;
  [[noreturn]] void stop(const std::string& name) const;
  void remove_checkpoints(const std::string& but) const;

  std::filesystem::path folder_;
  std::vector<std::string> names_;
  std::string stopped_;                         // "": none
  std::optional<CtrlC> ctrl_c_{std::in_place};  // until the last one has learnt
};

}  // namespace examples

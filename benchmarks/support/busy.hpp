#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

namespace bench {

/// Processes that keep cores busy, as other programs of a shared machine do, while this lives.
class BusyProcesses {
 public:
  explicit BusyProcesses(int count) {
    for (int i = 0; i < count; ++i) {
      const pid_t process = fork();
      if (process < 0) throw std::runtime_error("no process to keep a core busy");
      if (process == 0) spin();
      processes_.push_back(process);
    }
  }

  BusyProcesses(const BusyProcesses&) = delete;
  BusyProcesses& operator=(const BusyProcesses&) = delete;

  ~BusyProcesses() {
    for (const pid_t process : processes_) {
      kill(process, SIGKILL);
      waitpid(process, nullptr, 0);
    }
  }

 private:
  [[noreturn]] static void spin() {
    for (volatile unsigned turns = 0;;) {
      turns = turns + 1;
      if (turns % 1'000'000 == 0 && getppid() == 1) _exit(0);  // the parent was killed
    }
  }

  std::vector<pid_t> processes_;
};

}  // namespace bench

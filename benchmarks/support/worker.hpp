#pragma once

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

/// Another program that is asked, and answers line by line, as long as this lives.
class Worker {
 public:
  /// It may use the first so many of the processors that this process may. Throws.
  Worker(std::vector<std::string> command, int processors) : command_(std::move(command)) {
    signal(SIGPIPE, SIG_IGN);  // writing to one that has ended fails instead
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) fail("no pipe for it");
    process_ = fork();
    if (process_ < 0) fail("no process for it");
    if (process_ == 0) become(to[0], from[1], processors);
    close(to[0]);
    close(from[1]);
    to_.reset(fdopen(to[1], "w"));
    from_.reset(fdopen(from[0], "r"));
  }

  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// It ends with its input.
  ~Worker() {
    to_.reset();
    waitpid(process_, nullptr, 0);
  }

  void send(std::string line) {
    line += '\n';
    send(std::as_bytes(std::span(line)));
  }

  void send(std::span<const std::byte> bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), to_.get()) != bytes.size()) fail("it has ended");
  }

  /// The next line of its answer, to all that was sent. Throws if there is none.
  std::string receive() {
    std::fflush(to_.get());
    std::string line;
    for (int c = std::fgetc(from_.get()); c != '\n'; c = std::fgetc(from_.get())) {
      if (c == EOF) fail("it has ended; why should stand above");
      line += static_cast<char>(c);
    }
    return line;
  }

  std::string ask(const std::string& line) {
    send(line);
    return receive();
  }

  [[noreturn]] void fail(const std::string& why) const {
    std::string all;
    for (const std::string& word : command_) all += word + ' ';
    throw std::runtime_error(all + "(for a benchmark): " + why);
  }

 private:
  struct Close {
    void operator()(FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<FILE, Close>;

  [[noreturn]] void become(int input, int output, int processors) {
    cpu_set_t allowed, mine;
    CPU_ZERO(&mine);
    sched_getaffinity(0, sizeof allowed, &allowed);
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&mine) < processors; ++cpu) {
      if (CPU_ISSET(cpu, &allowed)) CPU_SET(cpu, &mine);
    }
    sched_setaffinity(0, sizeof mine, &mine);
    std::vector<char*> argv;
    for (std::string& word : command_) argv.push_back(word.data());
    argv.push_back(nullptr);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    execvp(argv.front(), argv.data());
    perror(argv.front());
    _exit(127);
  }

  std::vector<std::string> command_;
  pid_t process_ = -1;
  File to_, from_;
};

}  // namespace bench

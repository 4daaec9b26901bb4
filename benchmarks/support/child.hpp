#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <vector>

/// This program once more, as a process of its own: so that its peak memory is its own.
namespace bench {

struct Child {
  std::string output;
  double peak_mib;
};

namespace detail {

[[noreturn]] inline void become(const std::vector<std::string>& arguments, int output) {
  std::vector<char*> argv = {const_cast<char*>("bench")};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  dup2(output, STDOUT_FILENO);
  execv("/proc/self/exe", argv.data());
  _exit(127);
}

inline std::string read_all(int from) {
  std::string all;
  char buffer[4096];
  for (ssize_t got = 1; got > 0;) {
    got = read(from, buffer, sizeof buffer);
    if (got > 0) all.append(buffer, static_cast<std::size_t>(got));
  }
  return all;
}

}  // namespace detail

/// What it prints, and the most memory that it held. Throws if it fails.
inline Child run_child(const std::vector<std::string>& arguments) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe for a child");
  const pid_t process = fork();
  if (process < 0) throw std::runtime_error("no process for a child");
  if (process == 0) detail::become(arguments, ends[1]);
  close(ends[1]);
  Child child{detail::read_all(ends[0]), 0};
  close(ends[0]);
  int status = 0;
  rusage usage{};
  wait4(process, &status, 0, &usage);
  if (status != 0) throw std::runtime_error("a child failed: " + child.output);
  child.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  return child;
}

}  // namespace bench

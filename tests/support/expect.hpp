#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "ae/detail/core/require.hpp"

/// Runs `f`, which must throw `E`; returns the message, so that a test can look at what it says.
template <class E = ae::Error, class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const E& error) {
    return error.what();
  }
  FAIL("expected an exception, found none");
  return {};
}

/// True if the text holds every one of the pieces.
template <class... Pieces>
bool says(const std::string& text, const Pieces&... pieces) {
  const bool all = ((text.find(pieces) != std::string::npos) && ...);
  if (!all) MESSAGE("the message was: " << text);
  return all;
}

/// A folder that lives as long as the test; not a child of fork removes it, but who made it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ae::detail::text("ae-tests-", owner_, '-', count++);
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    if (::getpid() == owner_) std::filesystem::remove_all(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  const pid_t owner_ = ::getpid();
  std::filesystem::path path_;
};

#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

/// Writes a file the short way, for tests to read.
inline void put(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// How many files and folders lie in a folder.
inline auto entries(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

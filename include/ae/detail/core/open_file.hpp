#pragma once

#include "ae/detail/core/abi.hpp"

#include <filesystem>
#include <fstream>

#include "ae/detail/core/file_system.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI::detail {

/// Throws FileError unless the path is a regular file.
inline void require_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  require<FileError>(status.type() != std::filesystem::file_type::not_found, path_text(path),
                     ": no such file");
  require<FileError>(!error, path_text(path), ": cannot be opened: ", error.message());
  require<FileError>(std::filesystem::is_regular_file(status), path_text(path),
                     ": expected a file, found ",
                     std::filesystem::is_directory(status) ? "a folder" : "something else");
}

/// Throws FileError for a file that cannot be opened.
inline std::ifstream open_file(const std::filesystem::path& path) {
  require_file(path);
  std::ifstream in(path, std::ios::binary);
  require<FileError>(in.is_open(), path_text(path), ": cannot be opened: ", last_error());
  return in;
}

}  // namespace ae::inline AE_ABI::detail

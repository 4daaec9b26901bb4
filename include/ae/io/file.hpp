#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include "ae/core/error.hpp"

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

/// Whole files in and out, with errors that name the path and the cause.
namespace ae {

/// All bytes of a file. Throws FileError.
inline std::string read_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  require<FileError>(status.type() != std::filesystem::file_type::not_found, path.string(),
                     ": no such file");
  require<FileError>(!error, path.string(), ": cannot be opened: ", error.message());
  require<FileError>(std::filesystem::is_regular_file(status), path.string(),
                     ": expected a file, found ",
                     std::filesystem::is_directory(status) ? "a folder" : "something else");
  const auto size = std::filesystem::file_size(path, error);
  require<FileError>(!error, path.string(), ": cannot be read: ", error.message());
  std::ifstream in(path, std::ios::binary);
  require<FileError>(in.is_open(), path.string(), ": cannot be opened: ", std::strerror(errno));
  std::string bytes(static_cast<std::size_t>(size), '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  require<FileError>(in.gcount() == static_cast<std::streamsize>(bytes.size()), path.string(),
                     ": expected ", bytes.size(), " bytes, could read ", in.gcount());
  return bytes;
}

namespace detail {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

inline bool write_and_flush(std::FILE* file, std::string_view bytes) {
  bool ok = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  ok = std::fflush(file) == 0 && ok;
#if __has_include(<unistd.h>)
  ok = ok && fsync(fileno(file)) == 0;
#endif
  return ok;
}

}  // namespace detail

/// Writes beside the file, flushes to the disk, then renames: whatever happens, the path holds
/// either the old file or the whole new one. Throws FileError.
inline void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::path beside = path;
  beside += ".part";
  const auto fail = [&](const std::string& cause) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    throw FileError(text(path.string(), ": cannot be written: ", cause));
  };
  detail::File file(std::fopen(beside.string().c_str(), "wb"), &std::fclose);
  if (!file) fail(std::strerror(errno));
  if (!detail::write_and_flush(file.get(), bytes)) fail(std::strerror(errno));
  if (std::fclose(file.release()) != 0) fail(std::strerror(errno));
  std::error_code error;
  std::filesystem::rename(beside, path, error);
  if (error) fail(error.message());
}

}  // namespace ae

#pragma once

#include "ae/detail/core/abi.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>

#include "ae/core/file.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/require.hpp"

#if __has_include(<unistd.h>)
#include <fcntl.h>
#include <unistd.h>
#endif

namespace ae::inline AE_ABI {

AE_HEADER_INLINE std::string read_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  detail::require<FileError>(status.type() != std::filesystem::file_type::not_found, path.string(),
                             ": no such file");
  detail::require<FileError>(!error, path.string(), ": cannot be opened: ", error.message());
  detail::require<FileError>(std::filesystem::is_regular_file(status), path.string(),
                             ": expected a file, found ",
                             std::filesystem::is_directory(status) ? "a folder" : "something else");
  const auto size = std::filesystem::file_size(path, error);
  detail::require<FileError>(!error, path.string(), ": cannot be read: ", error.message());
  std::ifstream in(path, std::ios::binary);
  detail::require<FileError>(in.is_open(), path.string(),
                             ": cannot be opened: ", std::strerror(errno));
  std::string bytes(static_cast<std::size_t>(size), '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  detail::require<FileError>(in.gcount() == static_cast<std::streamsize>(bytes.size()),
                             path.string(), ": expected ", bytes.size(), " bytes, could read ",
                             in.gcount());
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

/// Asks the disk to keep the names in a folder too. Some file systems cannot, and the file is there
/// by then, so a refusal is no error.
inline void flush_folder([[maybe_unused]] const std::filesystem::path& folder) {
#if __has_include(<unistd.h>)
  const int opened = open(folder.empty() ? "." : folder.c_str(), O_RDONLY);
  if (opened < 0) return;
  fsync(opened);
  close(opened);
#endif
}

/// Opens a file that was not there, so that two writers never share one. `beside` becomes its path.
/// Without a file errno says why.
inline File open_beside(const std::filesystem::path& target, std::filesystem::path& beside) {
  File file(nullptr, &std::fclose);
  for (int i = 0; !file && i < most_beside && (i == 0 || errno == EEXIST); ++i) {
    beside = target;
    beside += i == 0 ? ".part" : detail::text('.', i, ".part");
    file.reset(std::fopen(beside.string().c_str(), "wbx"));
  }
  return file;
}

/// Where links lead to, which need not be there.
inline std::filesystem::path behind_links(std::filesystem::path path) {
  std::error_code error;
  for (int i = 0; i < 40 && std::filesystem::is_symlink(path, error); ++i) {
    path = path.parent_path() / std::filesystem::read_symlink(path, error);
  }
  return path;
}

}  // namespace detail

AE_HEADER_INLINE void write_file(std::string_view bytes, const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto check = [&](bool ok, const std::string& cause) {
    detail::require<FileError>(ok, path.string(), ": cannot be written: ", cause);
  };
  const auto check_call = [&](bool ok) { check(ok, ok ? "" : std::strerror(errno)); };
  const fs::path target = detail::behind_links(path);
  check(!fs::is_symlink(target, error), "too many links");
  const fs::file_status old = fs::status(target, error);
  check(!fs::is_directory(old), std::make_error_code(std::errc::is_a_directory).message());
  check(!fs::exists(old) || fs::is_regular_file(old), "it is neither file nor folder");

  fs::path beside;
  detail::File file = detail::open_beside(target, beside);
  check(file != nullptr,
        errno != EEXIST
            ? std::strerror(errno)
            : detail::text(detail::most_beside, " unfinished files of this name, which ",
                           "end in .part, lie beside it: remove them"));
  try {
    if (fs::exists(old)) fs::permissions(beside, old.permissions(), error);
    check_call(detail::write_and_flush(file.get(), bytes));
    check_call(std::fclose(file.release()) == 0);
    fs::rename(beside, target, error);
    check(!error, error.message());
  } catch (const FileError&) {
    fs::remove(beside, error);
    throw;
  }
  detail::flush_folder(target.parent_path());
}

}  // namespace ae::inline AE_ABI

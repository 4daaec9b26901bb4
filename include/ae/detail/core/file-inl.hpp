#pragma once

#include "ae/detail/core/abi.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>

#include "ae/core/file.hpp"
#include "ae/detail/core/file_system.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/open_file.hpp"

namespace ae::inline AE_ABI {

AE_HEADER_INLINE std::string read_file(const std::filesystem::path& path) {
  std::ifstream in = detail::open_file(path);
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  detail::require<FileError>(!error, detail::path_text(path),
                             ": cannot be read: ", error.message());
  std::string bytes(static_cast<std::size_t>(size), '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  detail::require<FileError>(in.gcount() == static_cast<std::streamsize>(bytes.size()),
                             detail::path_text(path), ": expected ", bytes.size(),
                             " bytes, could read ", in.gcount());
  return bytes;
}

namespace detail {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// Opens a file that was not there, so that two writers never share one. `beside` becomes its path.
/// Without a file errno says why.
inline File open_beside(const std::filesystem::path& target, std::filesystem::path& beside) {
  File file(nullptr, &std::fclose);
  for (int i = 0; !file && i < most_beside && (i == 0 || errno == EEXIST); ++i) {
    beside = target;
    beside += i == 0 ? ".part" : detail::text('.', i, ".part");
    file.reset(open_new(beside));
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
    detail::require<FileError>(ok, detail::path_text(path), ": cannot be written: ", cause);
  };
  const auto check_call = [&](bool ok) { check(ok, ok ? "" : detail::last_error()); };
  const fs::path target = detail::behind_links(path);
  check(!fs::is_symlink(target, error), "too many links");
  const fs::file_status old = fs::status(target, error);
  check(!fs::is_directory(old), std::make_error_code(std::errc::is_a_directory).message());
  check(!fs::exists(old) || fs::is_regular_file(old), "it is neither file nor folder");

  fs::path beside;
  detail::File file = detail::open_beside(target, beside);
  check(file != nullptr,
        errno != EEXIST
            ? detail::last_error()
            : detail::text(detail::most_beside, " unfinished files of this name, which ",
                           "end in .part, lie beside it: remove them"));
  try {
    if (fs::exists(old)) fs::permissions(beside, old.permissions(), error);
    check_call(std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size());
    check_call(detail::flush_to_disk(file.get()));
    check_call(std::fclose(file.release()) == 0);
    detail::replace_file(beside, target, error);
    check(!error, error.message());
  } catch (const FileError&) {
    fs::remove(beside, error);
    throw;
  }
}

}  // namespace ae::inline AE_ABI

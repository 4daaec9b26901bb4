#pragma once

#include "ae/detail/core/abi.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>
// windows.h would define `min`, `small` and many other words in every program.
extern "C" __declspec(dllimport) int __stdcall MoveFileExW(const wchar_t*, const wchar_t*,
                                                           unsigned long);
extern "C" __declspec(dllimport) unsigned long __stdcall GetLastError();
#elif __has_include(<unistd.h>)
#include <fcntl.h>
#include <unistd.h>
#endif

/// What systems do not agree on where files are written.
namespace ae::inline AE_ABI::detail {

/// Opens a file to write that must not be there yet. Without one errno says why.
inline std::FILE* open_new(const std::filesystem::path& path) {
#ifdef _WIN32
  int file = -1;
  errno = _wsopen_s(&file, path.c_str(), _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY, _SH_DENYNO,
                    _S_IREAD | _S_IWRITE);
  return file < 0 ? nullptr : _fdopen(file, "wb");
#else
  return std::fopen(path.c_str(), "wbx");
#endif
}

/// Has the disk keep what was written to a file.
inline bool flush_to_disk(std::FILE* file) {
  if (std::fflush(file) != 0) return false;
#ifdef _WIN32
  return _commit(_fileno(file)) == 0;
#elif __has_include(<unistd.h>)
  return fsync(fileno(file)) == 0;
#else
  return true;
#endif
}

/// Gives a file the name of another, which it replaces, and has the disk keep the name. Some file
/// systems cannot keep names at once, and the file is there by then, so that is no error.
inline void replace_file(const std::filesystem::path& from, const std::filesystem::path& to,
                         std::error_code& error) {
#ifdef _WIN32
  constexpr unsigned long replace_existing = 1, write_through = 8;
  constexpr unsigned long denied = 5, in_use = 32;  // as while another writer replaces it
  unsigned long code = denied;
  for (int i = 0; i < 50 && (code == denied || code == in_use); ++i) {
    if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const bool moved = MoveFileExW(from.c_str(), to.c_str(), replace_existing | write_through) != 0;
    code = moved ? 0 : GetLastError();
  }
  error.assign(static_cast<int>(code), std::system_category());
#else
  std::filesystem::rename(from, to, error);
#if __has_include(<unistd.h>)
  const std::filesystem::path folder = to.parent_path();
  const int opened = error ? -1 : open(folder.empty() ? "." : folder.c_str(), O_RDONLY);
  if (opened < 0) return;
  fsync(opened);
  close(opened);
#endif
#endif
}

/// What errno says, in words.
inline std::string last_error() {
  return std::generic_category().message(errno);
}

}  // namespace ae::inline AE_ABI::detail

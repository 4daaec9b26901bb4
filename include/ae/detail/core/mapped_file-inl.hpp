#pragma once

#include "ae/detail/core/abi.hpp"

#include <cstdint>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/mapped_file.hpp"
#include "ae/detail/core/open_file.hpp"

#if __has_include(<sys/mman.h>)
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace ae::inline AE_ABI::detail {

AE_HEADER_INLINE MappedFile::MappedFile(const std::filesystem::path& path) {
  require_file(path);
#if __has_include(<sys/mman.h>)
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  require<FileError>(file >= 0, path_text(path), ": cannot be opened: ", last_error());
  const std::shared_ptr<const void> closed(&file, [](const int* opened) { close(*opened); });
  const off_t end = lseek(file, 0, SEEK_END);
  require<FileError>(end >= 0, path_text(path), ": cannot be read: ", last_error());
  if (end == 0) return;
  const auto size = static_cast<std::size_t>(end);
  void* const at = mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  require<FileError>(at != MAP_FAILED, path_text(path),
                     ": cannot be mapped into memory: ", last_error());
  owner_ = std::shared_ptr<const void>(
      at, [size](const void* mapped) { munmap(const_cast<void*>(mapped), size); });
  bytes_ = {static_cast<const char*>(at), size};
#else
  fail<FileError>({path_text(path), ": expected a system that maps files into memory (mmap), ",
                   "found none: read the file instead"});
#endif
}

AE_HEADER_INLINE void touch(std::string_view bytes) {
  constexpr std::size_t page = 4096;
  const auto look = [&](std::size_t i) {
    static_cast<void>(*static_cast<const volatile char*>(bytes.data() + i));
  };
  for (std::size_t i = 0; i < bytes.size(); i += page) look(i);
  if (!bytes.empty()) look(bytes.size() - 1);
}

}  // namespace ae::inline AE_ABI::detail

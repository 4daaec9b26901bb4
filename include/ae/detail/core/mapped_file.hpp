#pragma once

#include "ae/detail/core/abi.hpp"

#include <filesystem>
#include <memory>
#include <string_view>

namespace ae::inline AE_ABI::detail {

/// A file mapped into memory (mmap). The system loads a page when it is first read, and may drop it
/// again, so the file may be larger than the memory, and processes of one machine share its pages.
/// The file must not be truncated while it is mapped.
class MappedFile {
 public:
  /// Throws FileError if the path is no regular file, if it cannot be mapped, or if the system has
  /// no mmap.
  explicit MappedFile(const std::filesystem::path& path);

  std::string_view bytes() const { return bytes_; }

 private:
  std::shared_ptr<const void> owner_;
  std::string_view bytes_;
};

/// Reads a byte of every page, so that the system loads these pages.
void touch(std::string_view bytes);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/core/mapped_file-inl.hpp"
#endif

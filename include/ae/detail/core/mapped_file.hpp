#pragma once

#include "ae/detail/core/abi.hpp"

#include <filesystem>
#include <memory>
#include <string_view>

namespace ae::inline AE_ABI::detail {

/// The bytes of a file in the memory of the system, which reads them where they are first looked
/// at, and may forget them again: a file may be larger than the memory, and processes of one
/// machine share it. It must not become shorter as long as it is used.
class MappedFile {
 public:
  /// Throws FileError for what is no file, cannot be mapped, or on a system without mmap.
  explicit MappedFile(const std::filesystem::path& path);

  std::string_view bytes() const { return bytes_; }

 private:
  std::shared_ptr<const void> owner_;
  std::string_view bytes_;
};

/// Looks at a byte of every page of these, so that they are in memory soon after.
void touch(std::string_view bytes);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/core/mapped_file-inl.hpp"
#endif

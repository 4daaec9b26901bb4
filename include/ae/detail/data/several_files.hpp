#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/file.hpp"
#include "ae/data/byte_source.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/core/to_size.hpp"

/// A set that comes in several files, one behind the other.
namespace ae::inline AE_ABI::detail {

/// Throws FileError unless there is a file.
inline void require_files(const Paths& paths) {
  require<FileError>(!paths.empty(), "read: expected at least one file, found none");
}

/// Bytes of those that are there.
inline std::size_t size_of_files(const Paths& paths) {
  std::uintmax_t total = 0;
  for (const std::filesystem::path& path : paths) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path, missing);
    if (!missing) total += size;
  }
  return to_size(total);
}

/// The samples of all files; `read(path)` gives those of one, as a ByteSource. Throws FileError for
/// no file, or one whose samples lie in it otherwise than in the first.
template <class Read>
ByteSource read_joined(const Paths& paths, const Read& read) {
  require_files(paths);
  const ByteSource first = read(paths.front());
  std::string bytes;
  bytes.reserve(size_of_files(paths));
  bytes += first.bytes();
  for (std::size_t i = 1; i < paths.size(); ++i) {
    const ByteSource next = read(paths[i]);
    require<FileError>(next.features() == first.features(), path_text(paths[i]),
                       ": expected samples of ", first.features(), " values as in ",
                       path_text(paths.front()), ", found ", next.features());
    require<FileError>(next.element() == first.element() && next.order() == first.order(),
                       path_text(paths[i]), ": expected numbers of the same type as in ",
                       path_text(paths.front()), ", found others");
    bytes += next.bytes();
  }
  return {std::move(bytes), 0, first.features(), first.element(), first.order()};
}

}  // namespace ae::inline AE_ABI::detail

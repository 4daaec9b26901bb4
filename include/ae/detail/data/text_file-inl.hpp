#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <memory>

#include "ae/data/text_file.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/open_file.hpp"

namespace ae::inline AE_ABI {

AE_HEADER_INLINE ReadBytes detail::bytes_of_text(std::string_view text) {
  return [text](std::span<char> to) mutable {
    const std::size_t count = text.copy(to.data(), to.size());
    text.remove_prefix(count);
    return count;
  };
}

AE_HEADER_INLINE TextFile TextFile::of(std::string text, std::string name) {
  const auto shared = std::make_shared<const std::string>(std::move(text));
  return {std::move(name), [shared] {
            return [shared, read = detail::bytes_of_text(*shared)](std::span<char> to) mutable {
              return read(to);
            };
          }};
}

AE_HEADER_INLINE TextFile TextFile::of_path(const std::filesystem::path& path) {
  return {detail::path_text(path), [path]() -> ReadBytes {
            const auto in = std::make_shared<std::ifstream>(detail::open_file(path));
            return [in, path](std::span<char> to) {
              in->read(to.data(), static_cast<std::streamsize>(to.size()));
              detail::require<FileError>(!in->bad(), detail::path_text(path),
                                         ": cannot be read: ", detail::last_error());
              return static_cast<std::size_t>(in->gcount());
            };
          }};
}

}  // namespace ae::inline AE_ABI

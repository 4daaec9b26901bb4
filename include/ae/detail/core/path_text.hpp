#pragma once

#include "ae/detail/core/abi.hpp"

#include <filesystem>
#include <string>

namespace ae::inline AE_ABI::detail {

/// A path for a message, in UTF-8; `string()` fails on Windows for characters that its code page
/// does not have.
inline std::string path_text(const std::filesystem::path& path) {
  const auto text = path.u8string();
  return {text.begin(), text.end()};
}

}  // namespace ae::inline AE_ABI::detail

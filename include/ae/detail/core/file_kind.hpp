#pragma once

#include "ae/detail/core/abi.hpp"

#include <string>
#include <string_view>

/// Formats that are often met, known by their first bytes, so that a reader which is given another
/// file can say what it is.
namespace ae::inline AE_ABI::detail {

/// What a file is and what to do with it, for a message; empty if it is not known. tar is known by
/// its first 263 bytes, all others by fewer.
std::string_view file_kind(std::string_view bytes);

/// Throws FileError for a file `where` that is known to be of another kind. For readers that have
/// found that it is none of theirs: `expected` is what they read.
void refuse_known_kind(std::string_view bytes, const char* expected, const std::string& where);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/core/file_kind-inl.hpp"
#endif

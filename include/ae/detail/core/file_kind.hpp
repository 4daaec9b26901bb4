#pragma once

#include "ae/detail/core/abi.hpp"

#include <string>
#include <string_view>

/// Files that are none of those which a reader expected, known by their first bytes.
namespace ae::inline AE_ABI::detail {

/// What a file is, if it is one that is often met, and what to do with it; nothing otherwise.
std::string_view file_kind(std::string_view bytes);

/// Throws FileError for a file that is known to be of another kind. For readers that have found
/// that it is none of theirs: `expected` is what they read.
void refuse_known_kind(std::string_view bytes, const char* expected, const std::string& where);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/core/file_kind-inl.hpp"
#endif

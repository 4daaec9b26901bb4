#pragma once

#include "ae/detail/core/abi.hpp"

#include <zlib.h>

#include "ae/data/text_file.hpp"

/// Texts that gzip has compressed, by zlib: link it (`-lz`, in CMake ZLIB::ZLIB). No other header
/// includes this one.
namespace ae::inline AE_ABI::gzip {

/// A file that is compressed, or one that is not, which is read as it is:
/// `ae::Table::read(ae::gzip::file("sensors.csv.gz"))`. What opens it throws FileError, and so does
/// reading, for bytes that are damaged or cut off.
TextFile file(const std::filesystem::path& path);

}  // namespace ae::inline AE_ABI::gzip

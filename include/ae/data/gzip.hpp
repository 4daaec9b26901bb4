#pragma once

#include "ae/detail/core/abi.hpp"

#include <zlib.h>

#include <algorithm>
#include <memory>

#include "ae/data/text_file.hpp"
#include "ae/detail/core/open_file.hpp"

/// Text files that gzip has compressed. Needs zlib: link it (`-lz`, in CMake ZLIB::ZLIB). No other
/// header of ae includes this one.
namespace ae::inline AE_ABI::gzip {

/// A file to read, compressed or not. Opening it throws FileError if it is no file, reading if its
/// bytes are damaged or cut off.
/// ~~~{.cpp}
/// const auto table = ae::csv::read(ae::gzip::file("sensors.csv.gz"));
/// ~~~
inline TextFile file(const std::filesystem::path& path) {
  return {detail::path_text(path), [path]() -> ReadBytes {
            detail::require_file(path);
#ifdef _WIN32
            const gzFile opened = gzopen_w(path.c_str(), "rb");
#else
            const gzFile opened = gzopen(path.c_str(), "rb");
#endif
            detail::require<FileError>(opened != nullptr, detail::path_text(path),
                                       ": cannot be opened: ", detail::last_error());
            const std::shared_ptr<gzFile_s> in(opened, gzclose_r);
            gzbuffer(opened, 1 << 17);
            return [in, path](std::span<char> to) {
              constexpr std::size_t most = 1 << 24;
              const auto wanted = static_cast<unsigned>(std::min(to.size(), most));
              const int count = gzread(in.get(), to.data(), wanted);
              int error = Z_OK;
              const char* const why = gzerror(in.get(), &error);
              detail::require<FileError>(count >= 0 && error == Z_OK, detail::path_text(path),
                                         ": expected bytes that gzip has compressed, found ",
                                         "damaged ones or too few: ", why);
              return static_cast<std::size_t>(count);
            };
          }};
}

}  // namespace ae::inline AE_ABI::gzip

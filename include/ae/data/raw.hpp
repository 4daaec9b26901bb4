#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/claims.hpp"
#include "ae/detail/core/file_kind.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/data/several_files.hpp"

/// Files of nothing but numbers, little endian, one sample after the other, as numpy's `tofile`
/// writes an array of (samples x features) in C order.
namespace ae::inline AE_ABI {

namespace detail {

inline std::string_view bytes_of(const std::string& bytes) {
  return bytes;
}
inline std::string_view bytes_of(const MappedFile& file) {
  return file.bytes();
}

/// A source of these bytes, which are a std::string or a mapped file.
template <class Bytes>
ByteSource raw_source(Bytes bytes, Index features, Element element, const std::string& name) {
  const std::string_view all = bytes_of(bytes);
  require<FileError>(!all.empty(), name, ": expected at least one sample of ", features,
                     " values, found no bytes");
  const auto sample = times(static_cast<std::uint64_t>(features), size_of(element));
  const bool whole = features < 1 || (sample && all.size() % *sample == 0);
  if (!whole) refuse_known_kind(all, "nothing but numbers", name);
  try {
    return {std::move(bytes), 0, features, element, std::endian::little};
  } catch (const ShapeError& error) {
    throw FileError(text(name, ": ", error.what()));
  }
}

}  // namespace detail

namespace raw {

/// Samples of `features` numbers, at least one; `name` is what errors call them. Throws OptionError
/// for less than one feature, FileError unless the bytes are a whole number of samples.
/// ~~~{.cpp}
/// const auto samples = ae::raw::parse(ae::read_file("samples.f4"), 640);
/// ~~~
inline ByteSource parse(std::string bytes, Index features, Element element = Element::f4,
                        const std::string& name = "raw numbers") {
  return detail::raw_source(std::move(bytes), features, element, name);
}

/// A file. Throws as `parse` does.
/// ~~~{.cpp}
/// const ae::Matrix<float> x = ae::raw::read("samples.u1", 1024, ae::Element::u1).matrix();
/// ~~~
inline ByteSource read(const std::filesystem::path& path, Index features,
                       Element element = Element::f4) {
  return parse(read_file(path), features, element, detail::path_text(path));
}

/// A file that stays on the disk and is mapped into memory, as `npy::map` does it. Throws as
/// `parse` does.
/// ~~~{.cpp}
/// model.fit(ae::raw::map("larger_than_memory.f4", 640), {.order = ae::Order::blocks});
/// ~~~
inline ByteSource map(const std::filesystem::path& path, Index features,
                      Element element = Element::f4) {
  return detail::raw_source(detail::MappedFile(path), features, element, detail::path_text(path));
}

/// Several files as one set. Throws as `parse` does.
inline ByteSource read(const Paths& paths, Index features, Element element = Element::f4) {
  return detail::read_joined(paths,
                             [&](const auto& path) { return read(path, features, element); });
}

}  // namespace raw
}  // namespace ae::inline AE_ABI

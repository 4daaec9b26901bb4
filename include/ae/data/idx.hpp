#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "ae/detail/core/file_kind.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/data/several_files.hpp"

/// The files of MNIST and others like them: two zero bytes, the type of the numbers, how many
/// dimensions there are, the size of each (4 bytes), then the numbers; all big endian. LeCun,
/// Cortes and Burges, "The MNIST database of handwritten digits", section "File formats".
namespace ae::inline AE_ABI::idx {

/// An array of samples: its first size counts them, the others are those of a sample, whose values
/// come in the order of the file (of a picture: row by row).
/// ~~~{.cpp}
/// const ae::idx::Array pictures = ae::idx::read("train-images-idx3-ubyte");
/// const ae::Index height = pictures.sizes[1], width = pictures.sizes[2];
/// ~~~
struct Array : ByteSource {
  std::vector<Index> sizes;
};

}  // namespace ae::inline AE_ABI::idx

namespace ae::inline AE_ABI::detail::idx {

inline Element element_of(int code, const std::string& name) {
  switch (code) {
    case 0x08:
      return Element::u1;
    case 0x09:
      return Element::i1;
    case 0x0b:
      return Element::i2;
    case 0x0c:
      return Element::i4;
    case 0x0d:
      return Element::f4;
    case 0x0e:
      return Element::f8;
    default:
      break;
  }
  throw FileError(detail::text(name, ": expected a type of 8, 9 or 11 to 14, found ", code));
}

inline std::uint64_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = 256 * value + static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// Whether the product of the sizes, which need not fit any integer, is `values`.
inline bool product_is(const std::vector<std::uint64_t>& sizes, std::uint64_t values) {
  for (const std::uint64_t size : sizes) {
    if (size == 0 || values % size != 0) return false;
    values /= size;
  }
  return values == 1;
}

}  // namespace ae::inline AE_ABI::detail::idx

namespace ae::inline AE_ABI::idx {

/// The bytes of a file; `name` is what errors call it. Throws FileError for anything but a whole
/// array of at least one number.
/// ~~~{.cpp}
/// const auto pictures = ae::idx::parse(ae::read_file("train-images-idx3-ubyte"));
/// ~~~
inline Array parse(std::string bytes, const std::string& name = "IDX") {
  const bool begins = bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[3] != 0;
  if (!begins) detail::refuse_known_kind(bytes, "an IDX file", name);
  detail::require<FileError>(
      begins, name, ": expected an IDX file: two zero bytes, a type, at least 1 dimension; found ",
      bytes.size(), " bytes that begin otherwise");
  const Element element = detail::idx::element_of(static_cast<unsigned char>(bytes[2]), name);
  const std::size_t dimensions = static_cast<unsigned char>(bytes[3]);
  const std::size_t offset = 4 + 4 * dimensions;
  detail::require<FileError>(bytes.size() >= offset, name, ": expected the sizes of ", dimensions,
                             " dimensions in ", offset, " bytes, found ", bytes.size(), " bytes");

  std::vector<std::uint64_t> claimed;
  for (std::size_t at = 4; at < offset; at += 4)
    claimed.push_back(detail::idx::big_endian(bytes, at));
  const std::uint64_t found = bytes.size() - offset, width = size_of(element);
  if (found == 0 || found % width != 0 || !detail::idx::product_is(claimed, found / width)) {
    std::string expected;
    for (const std::uint64_t size : claimed)
      expected += detail::text(expected.empty() ? "" : " x ", size);
    throw FileError(detail::text(name, ": expected ", expected, " numbers of ", width,
                                 " bytes, at least one, found ", found, " bytes"));
  }
  std::vector<Index> sizes;  // none is above the number of bytes
  for (const std::uint64_t size : claimed) sizes.push_back(static_cast<Index>(size));
  const Index features = static_cast<Index>(found / width) / sizes.front();
  return {ByteSource(std::move(bytes), offset, features, element, std::endian::big),
          std::move(sizes)};
}

/// A file. Throws FileError.
/// ~~~{.cpp}
/// model.fit(ae::idx::read("train-images-idx3-ubyte"), {.scaling = ae::Scaling::common});
/// ~~~
inline Array read(const std::filesystem::path& path) {
  return parse(read_file(path), detail::path_text(path));
}

/// Several files as one array, whose first size counts the samples of all. Throws FileError, also
/// for a file whose samples have other sizes than the first's.
inline Array read(const Paths& paths) {
  std::vector<Index> sizes;
  ByteSource samples = detail::read_joined(paths, [&](const auto& path) -> ByteSource {
    Array next = read(path);
    if (sizes.empty()) sizes = next.sizes;
    sizes.front() = next.sizes.front();  // the number of samples may differ
    detail::require<FileError>(next.sizes == sizes, detail::path_text(path),
                               ": expected samples of the same sizes as in ",
                               detail::path_text(paths.front()), ", found others");
    return next;
  });
  sizes.front() = samples.samples();
  return {std::move(samples), std::move(sizes)};
}

/// The numbers of an array of one dimension, such as the classes of MNIST's pictures. Throws
/// ShapeError for another array, FileError for one that is not whole or too large for an `int`.
/// ~~~{.cpp}
/// const std::vector<int> digits = ae::idx::labels(ae::idx::read("train-labels-idx1-ubyte"));
/// ~~~
inline std::vector<int> labels(const Array& array) {
  detail::require<ShapeError>(array.sizes.size() == 1,
                              "labels: expected an array of 1 dimension, found ",
                              array.sizes.size());
  const Matrix<double> values = array.matrix<double>();
  std::vector<int> whole;
  for (const double value : values.reshaped()) {
    const bool fits = std::abs(value) <= std::numeric_limits<int>::max();
    detail::require<FileError>(fits && value == std::trunc(value),
                               "labels: expected whole numbers, found ", value);
    whole.push_back(static_cast<int>(value));
  }
  return whole;
}

}  // namespace ae::inline AE_ABI::idx

#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/byte_source.hpp"
#include "ae/detail/core/file_kind.hpp"
#include "ae/detail/data/npy_header.hpp"

/// Where the values of an array lie in its file.
namespace ae::inline AE_ABI::detail {

static_assert(std::endian::native == std::endian::little, "arrays are written little endian");

/// A type of values, as a header names it.
struct NpyType {
  std::string_view descr;
  Element element;
  std::endian order;
};

struct NpyLayout {
  NpyType type;
  std::vector<Index> sample_shape;  ///< whose product is the number of features
  Index features, samples;
  std::size_t first;  ///< the place of the values
  bool by_feature;    ///< Fortran order: all samples' first values, then their second ones
};

/// Throws FileError for any other type.
inline NpyType npy_type(std::string_view descr, const std::string& where) {
  static constexpr std::endian little = std::endian::little, big = std::endian::big;
  static constexpr NpyType types[] = {
      {"|b1", Element::u1, little}, {"|u1", Element::u1, little}, {"|i1", Element::i1, little},
      {"<u2", Element::u2, little}, {">u2", Element::u2, big},    {"<u4", Element::u4, little},
      {">u4", Element::u4, big},    {"<u8", Element::u8, little}, {">u8", Element::u8, big},
      {"<i2", Element::i2, little}, {">i2", Element::i2, big},    {"<i4", Element::i4, little},
      {">i4", Element::i4, big},    {"<i8", Element::i8, little}, {">i8", Element::i8, big},
      {"<f2", Element::f2, little}, {">f2", Element::f2, big},    {"<f4", Element::f4, little},
      {">f4", Element::f4, big},    {"<f8", Element::f8, little}, {">f8", Element::f8, big}};
  for (const NpyType& type : types) {
    if (type.descr == descr) return type;
  }
  throw FileError(text(where, ": expected a descr of b1, u1 to u8, i1 to i8 or f2 to f8, found '",
                       shown(descr), '\''));
}

/// The file up to the end of its header. Throws FileError unless that lies in the file.
inline std::string_view npy_head(std::string_view bytes, std::size_t dictionary,
                                 const std::string& where) {
  require<FileError>(bytes.size() >= dictionary, where, ": expected at least ", dictionary,
                     " bytes, found ", bytes.size());
  std::uint32_t size = 0;
  std::memcpy(&size, bytes.data() + 8, dictionary - 8);
  require<FileError>(size <= bytes.size() - dictionary, where, ", byte 8: expected a header of at ",
                     "most ", bytes.size() - dictionary, " bytes, which are left, found one of ",
                     size);
  return bytes.substr(0, dictionary + size);
}

/// Throws FileError unless the shape has a dimension, values in every sample, as many bytes as were
/// found, and a size that any type could have.
inline void require_shape(const std::vector<std::uint64_t>& shape, std::uint64_t size,
                          std::uint64_t found, const std::string& where) {
  const std::string shown = shape_text(shape);
  require<FileError>(!shape.empty(), where, ": expected a shape of a dimension or more, (values,) ",
                     "or (samples, ...), found ", shown);
  const auto features = values_of(std::span(shape).subspan(shape.size() > 1 ? 1 : 0));
  require<FileError>(features != 0u, where, ": expected at least one value a sample, found shape ",
                     shown);
  const auto bytes = times(values_of(shape), size);
  constexpr std::uint64_t widest = sizeof(double);  // what the values may become
  const bool countable =
      bytes && fits_index(times(shape.front(), widest)) && fits_index(times(features, widest));
  require<FileError>(countable, where, ": expected a size that 63 bits can count, found shape ",
                     shown);
  require<FileError>(*bytes == found, where, ": expected ", *bytes, " bytes of values for shape ",
                     shown, ", found ", found);
}

/// Throws FileError for anything but a whole array.
inline NpyLayout npy_layout(std::string_view bytes, const std::string& where) {
  if (!bytes.starts_with("\x93NUMPY")) refuse_known_kind(bytes, "an .npy array", where);
  require<FileError>(bytes.starts_with("\x93NUMPY") && bytes.size() >= 8, where,
                     ", byte 0: expected the mark of an array, \\x93NUMPY, and a version");
  const int version = static_cast<std::uint8_t>(bytes[6]);
  const int minor = static_cast<std::uint8_t>(bytes[7]);
  require<FileError>(version >= 1 && version <= 3 && minor == 0, where,
                     ", byte 6: expected version 1.0, 2.0 or 3.0, found ", version, '.', minor);
  const std::size_t dictionary = version == 1 ? 10 : 12;
  const std::string_view head = npy_head(bytes, dictionary, where);
  const NpyHeader header(head, dictionary, where);
  const NpyType type = npy_type(header.descr, where);
  const auto& shape = header.shape;
  require_shape(shape, size_of(type.element), bytes.size() - head.size(), where);
  const bool one = shape.size() == 1;
  NpyLayout layout{.type = type,
                   .sample_shape = {shape.begin() + (one ? 0 : 1), shape.end()},
                   .features = 1,
                   .samples = one ? 1 : static_cast<Index>(shape.front()),
                   .first = head.size(),
                   .by_feature = header.fortran_order && !one};
  for (const Index side : layout.sample_shape) layout.features *= side;
  return layout;
}

/// The place in a sample, whose last index runs fastest, of the value that comes as number `at`
/// where the first index does.
inline Index c_place(Index at, const std::vector<Index>& shape) {
  Index place = 0;
  for (const Index side : shape) {
    place = place * side + at % side;
    at /= side;
  }
  return place;
}

/// The values of an array that lies feature by feature, sample by sample.
inline std::string by_sample(std::string_view bytes, const NpyLayout& layout) {
  const std::string_view values = bytes.substr(layout.first);
  if (values.empty()) return {};  // of a shape whose other side may have no end
  std::string turned(values.size(), '\0');
  with_type(layout.type.element, [&]<class Number>(Number) {
    const char* from = values.data();
    for (Index i = 0; i < layout.features; ++i) {
      const Index feature = c_place(i, layout.sample_shape);
      for (Index sample = 0; sample < layout.samples; ++sample, from += sizeof(Number)) {
        const auto to = static_cast<std::size_t>(sample * layout.features + feature);
        std::memcpy(turned.data() + to * sizeof(Number), from, sizeof(Number));
      }
    }
  });
  return turned;
}

/// What a file of version 1 begins with, so that the values begin at a multiple of 64.
template <class Scalar>
std::string npy_header_of(const std::string& shape) {
  static_assert(std::is_same_v<Scalar, float> || std::is_same_v<Scalar, double> ||
                    std::is_same_v<Scalar, std::uint8_t>,
                "expected a matrix of float, double or bytes");
  const std::string descr =
      std::is_same_v<Scalar, std::uint8_t> ? "|u1" : text("<f", sizeof(Scalar));
  std::string header =
      text("{'descr': '", descr, "', 'fortran_order': False, 'shape': (", shape, "), }");
  constexpr std::size_t alignment = 64, before = 10;
  while ((before + header.size() + 1) % alignment != 0) header += ' ';
  header += '\n';
  const auto size = static_cast<std::uint16_t>(header.size());
  return std::string("\x93NUMPY\x01\x00", 8) +
         std::string(reinterpret_cast<const char*>(&size), sizeof size) + header;
}

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include <cstring>

#include "ae/io/npy_header.hpp"

/// Where the values of an array lie in its file.
namespace ae::detail {

enum class NpyType { u1, f4, f8 };

/// A type of values, as a header names it; `size` in bytes.
struct NpyValue {
  std::string_view descr;
  NpyType type;
  std::uint64_t size;
  bool big_endian;
};

/// Strides, and the place of the first value, in bytes.
struct NpyLayout {
  NpyValue value;
  Index features, samples, feature_stride, sample_stride, first;
};

/// Throws FileError for any other type.
inline NpyValue npy_value(std::string_view descr, const std::string& where) {
  static constexpr NpyValue values[] = {{"|u1", NpyType::u1, 1, false},
                                        {"<f4", NpyType::f4, 4, false},
                                        {">f4", NpyType::f4, 4, true},
                                        {"<f8", NpyType::f8, 8, false},
                                        {">f8", NpyType::f8, 8, true}};
  for (const NpyValue& value : values) {
    if (value.descr == descr) return value;
  }
  throw FileError(text(where, ": expected a descr of '|u1', '<f4', '>f4', '<f8' or '>f8', found '",
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

/// Throws FileError unless the shape has one or two dimensions, values in every sample, and as many
/// bytes as were found.
inline void require_shape(const std::vector<std::uint64_t>& shape, std::uint64_t size,
                          std::uint64_t found, const std::string& where) {
  const std::string shown = shape_text(shape);
  require<FileError>(shape.size() == 1 || shape.size() == 2, where, ": expected a shape of one or ",
                     "two dimensions, (values,) or (samples, features), found ", shown);
  require<FileError>(shape.back() > 0, where,
                     ": expected at least one value a sample, found shape ", shown);
  const auto bytes = times(values_of(shape), size);
  const bool countable =
      bytes && fits_index(times(shape.front(), size)) && fits_index(times(shape.back(), size));
  require<FileError>(countable, where, ": expected a size that 63 bits can count, found shape ",
                     shown);
  require<FileError>(*bytes == found, where, ": expected ", *bytes, " bytes of values for shape ",
                     shown, ", found ", found);
}

/// Throws FileError for anything but a whole array of one or two dimensions, of f4, f8 or u1.
inline NpyLayout npy_layout(std::string_view bytes, const std::string& where) {
  require<FileError>(bytes.starts_with("\x93NUMPY") && bytes.size() >= 8, where,
                     ", byte 0: expected the mark of an array, \\x93NUMPY, and a version");
  const int version = static_cast<std::uint8_t>(bytes[6]);
  const int minor = static_cast<std::uint8_t>(bytes[7]);
  require<FileError>(version >= 1 && version <= 3 && minor == 0, where,
                     ", byte 6: expected version 1.0, 2.0 or 3.0, found ", version, '.', minor);
  const std::size_t dictionary = version == 1 ? 10 : 12;
  const std::string_view head = npy_head(bytes, dictionary, where);
  const NpyHeader header(head, dictionary, where);
  const NpyValue value = npy_value(header.descr, where);
  require_shape(header.shape, value.size, bytes.size() - head.size(), where);

  const auto size = static_cast<Index>(value.size);
  const auto features = static_cast<Index>(header.shape.back());
  const auto samples = header.shape.size() == 1 ? 1 : static_cast<Index>(header.shape.front());
  const bool by_feature = header.fortran_order && header.shape.size() == 2;
  return {.value = value,
          .features = features,
          .samples = samples,
          .feature_stride = by_feature ? size * samples : size,
          .sample_stride = by_feature ? size : size * features,
          .first = static_cast<Index>(head.size())};
}

}  // namespace ae::detail

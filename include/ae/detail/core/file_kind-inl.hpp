#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/core/file_kind.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI::detail {

/// By the name of the first file in it, which stands at byte 30.
inline std::string_view zip_kind(std::string_view bytes) {
  const auto byte = [&](std::size_t at) -> std::size_t {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
  };
  const std::string_view name =
      bytes.size() > 30 ? bytes.substr(30, byte(26) + 256 * byte(27)) : std::string_view();
  if (name.ends_with(".npy")) {
    return "an .npz archive of NumPy's; write each array by numpy.save instead";
  }
  if (name.ends_with("data.pkl") || name.ends_with("byteorder") || name.ends_with("/version") ||
      name.ends_with(".format_version")) {
    return "a zip archive that torch.save wrote; write the weights by "
           "safetensors.torch.save_file(model.state_dict(), \"model.safetensors\") instead";
  }
  if (name == "metadata.json" || name == "config.json" || name == "model.weights.h5") {
    return "a .keras archive; write the weights by safetensors.numpy.save_file("
           "{v.path: v.numpy() for v in model.weights}, \"model.safetensors\") instead";
  }
  return "a zip archive; unpack it first";
}

inline bool is_html(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size()));
  std::string start(bytes.substr(0, 9));
  for (char& c : start) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<?xml");
}

AE_HEADER_INLINE std::string_view file_kind(std::string_view bytes) {
  if (bytes.starts_with("PK\x03\x04")) return zip_kind(bytes);
  if (is_html(bytes)) {
    return "a page of HTML or XML, as servers send it in place of a file; download it again";
  }
  if (bytes.starts_with("\x89HDF\r\n\x1a\n")) {
    return "an HDF5 file, as Keras writes .h5; write the weights by safetensors.numpy.save_file("
           "{v.path: v.numpy() for v in model.weights}, \"model.safetensors\") instead";
  }
  if (bytes.size() > 1 && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5) {
    return "a pickle of Python's, as old versions of torch.save write; write the weights by "
           "safetensors.torch.save_file(model.state_dict(), \"model.safetensors\") instead";
  }
  if (bytes.starts_with("\x1f\x8b")) return "one that gzip has packed; unpack it first";
  if (bytes.starts_with("BZh")) return "one that bzip2 has packed; unpack it first";
  if (bytes.starts_with("\xfd"
                        "7zXZ"))
    return "one that xz has packed; unpack it first";
  if (bytes.size() > 262 && bytes.substr(257, 5) == "ustar") {
    return "a tar archive; unpack it first";
  }
  if (bytes.starts_with("\x93NUMPY")) return "an .npy array; ae/data/npy.hpp reads it";
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "a PNG picture; ae/data/images.hpp reads it";
  if (bytes.starts_with("\xff\xd8\xff")) return "a JPEG picture";
  if (bytes.starts_with("version https://git-lfs")) {
    return "a pointer of Git LFS in place of the file; `git lfs pull` fetches it";
  }
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
    return "a text in UTF-16; save it in UTF-8 instead";
  }
  const std::string_view brace = bytes.substr(0, 9);
  if (brace.size() == 9 && brace[8] == '{' &&
      brace.substr(4, 4) == std::string_view("\0\0\0\0", 4)) {
    return "a safetensors file; ae/io/model_file.hpp and ae/io/safetensors.hpp read it";
  }
  return {};
}

AE_HEADER_INLINE void refuse_known_kind(std::string_view bytes, const char* expected,
                                        const std::string& where) {
  const std::string_view kind = file_kind(bytes);
  require<FileError>(kind.empty(), where, ": expected ", expected, ", found ", kind);
}

}  // namespace ae::inline AE_ABI::detail

#include "ae/io/safetensors.hpp"

#include <cstdlib>

// Whatever the bytes: a FileError, or tensors that come back as they are and can be made matrices.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ae::SafeTensors file;
  try {
    file = ae::parse_safetensors(bytes, "input");
  } catch (const ae::FileError&) {
    return 0;
  }
  if (ae::parse_safetensors(ae::safetensors_bytes(file, "copy"), "copy") != file) std::abort();
  for (const auto& [name, tensor] : file.tensors) {
    try {
      const ae::Matrix<float> matrix = ae::to_matrix<float>(tensor, name);
      if (static_cast<std::size_t>(matrix.size()) > tensor.bytes.size()) std::abort();
    } catch (const ae::FileError&) {
    }
  }
  return 0;
}

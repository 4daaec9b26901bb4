#pragma once

#include "ae/detail/core/abi.hpp"

#include <filesystem>
#include <map>

#include "ae/io/tensor.hpp"

/// Named tensors as a file in the safetensors format (github.com/huggingface/safetensors): the size
/// of a header as 8 bytes, the header in JSON, then the values of the tensors without gaps, all
/// little endian and row by row. Needs nlohmann/json.
namespace ae::inline AE_ABI {

/// What a file holds: tensors by their names, and texts beside them.
/// ~~~{.cpp}
/// const ae::SafeTensors file{.tensors = {{"codes", ae::to_tensor(model.encode(x))}},
///                            .metadata = {{"made_by", "line 3"}}};
/// ae::write_safetensors(file, "codes.safetensors");
/// ~~~
struct SafeTensors {
  std::map<std::string, Tensor, std::less<>> tensors;
  std::map<std::string, std::string, std::less<>> metadata;

  bool operator==(const SafeTensors&) const = default;
};

namespace detail {

/// Where in a file a tensor is, as messages say it.
std::string tensor_place(const std::string& where, const std::string& name);

/// Of all values.
std::uint64_t bytes_of(const SafeTensors& file);

}  // namespace detail

/// The tensors of a whole file. Takes no more memory than a few times the bytes, whatever they are.
/// Throws FileError for anything that the format does not allow, with `where` in front.
/// ~~~{.cpp}
/// const std::string bytes = ae::read_file("codes.safetensors");
/// const ae::SafeTensors file = ae::parse_safetensors(bytes, "codes.safetensors");
/// ~~~
SafeTensors parse_safetensors(std::string_view bytes, const std::string& where);

/// Throws FileError for a file that cannot be read, or is none of this format, with what is wrong.
/// ~~~{.cpp}
/// const ae::SafeTensors file = ae::read_safetensors("codes.safetensors");
/// const auto codes = ae::to_matrix<float>(file.tensors.at("codes"), "codes");
/// ~~~
SafeTensors read_safetensors(const std::filesystem::path& path);

/// The bytes of a file, the same for the same tensors: the widest types first, so that all values
/// are aligned, by name among these. Throws FileError for what a reader would refuse.
/// ~~~{.cpp}
/// ae::SafeTensors file;
/// file.tensors["codes"] = ae::to_tensor(model.encode(x));
/// const std::string bytes = ae::safetensors_bytes(file, "codes");
/// ~~~
std::string safetensors_bytes(const SafeTensors& file, const std::string& where);

/// Throws FileError; the file is whole, or as it was before.
/// ~~~{.cpp}
/// ae::SafeTensors file;
/// file.tensors["codes"] = ae::to_tensor(model.encode(x));
/// ae::write_safetensors(file, "codes.safetensors");
/// ~~~
void write_safetensors(const SafeTensors& file, const std::filesystem::path& path);

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/io/safetensors-inl.hpp"
#endif

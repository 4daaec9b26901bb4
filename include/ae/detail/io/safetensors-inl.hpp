#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/core/file.hpp"
#include "ae/detail/core/file_kind.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/core/path_text.hpp"
#include "ae/detail/core/to_size.hpp"
#include "ae/detail/io/json.hpp"
#include "ae/detail/io/safetensors_header.hpp"
#include "ae/io/safetensors.hpp"

namespace ae::inline AE_ABI {

namespace detail {

constexpr std::uint64_t safetensors_header_limit = 100'000'000;

/// The header's JSON. Throws FileError unless the file says where it ends, and it ends in the file.
inline std::string_view safetensors_json(std::string_view bytes, const std::string& where) {
  std::uint64_t size = 0;
  require<FileError>(bytes.size() >= sizeof size, where,
                     ": expected the 8 bytes of a header's size, found ", bytes.size(), " bytes");
  std::memcpy(&size, bytes.data(), sizeof size);
  const bool begins = bytes.size() > sizeof size && bytes[sizeof size] == '{';
  if (!begins) refuse_known_kind(bytes, "a safetensors file", where);
  bytes.remove_prefix(sizeof size);
  require<FileError>(size <= safetensors_header_limit, where, ", byte 0: expected a header of at ",
                     "most ", safetensors_header_limit, " bytes, found one of ", size);
  require<FileError>(size <= bytes.size(), where, ", byte 0: expected a header of at most ",
                     bytes.size(), " bytes, which are left, found one of ", size);
  const std::string_view json = bytes.substr(0, to_size(size));
  require<FileError>(json.starts_with('{'), where,
                     ", byte 8: expected a header that begins with {, found \"", shown(json, 1),
                     '"');
  return json;
}

AE_HEADER_INLINE std::string tensor_place(const std::string& where, const std::string& name) {
  return text(where, ", tensor \"", shown(name), '"');
}

/// Throws FileError unless the tensors lie one behind the other from the first byte to the last,
/// each of the size that its type and shape say.
inline void require_tiled(const SafeTensorsHeader& header, std::uint64_t size,
                          const std::string& where) {
  using Item = std::pair<const std::string, SafeTensorsHeader::Entry>;
  std::vector<const Item*> items;
  for (const Item& item : header.entries) items.push_back(&item);
  std::stable_sort(items.begin(), items.end(), [](const Item* a, const Item* b) {
    return a->second.offsets < b->second.offsets;
  });
  std::uint64_t end = 0;
  for (const Item* item : items) {
    const auto& [dtype, shape, offsets] = item->second;
    const std::string place = tensor_place(where, item->first);
    require<FileError>(offsets[0] <= offsets[1] && offsets[1] <= size, place,
                       ": expected data_offsets in order and up to ", size, ", found ", offsets[0],
                       " and ", offsets[1]);
    require<FileError>(offsets[0] == end, place, ": expected it to begin at byte ", end,
                       " of the values, where the one before ends, found ",
                       offsets[0] < end ? "an overlap" : "a gap", ": byte ", offsets[0]);
    require_bytes(dtype, shape, offsets[1] - offsets[0], place);
    end = offsets[1];
  }
  require<FileError>(end == size, where, ": expected ", end, " bytes of values, found ", size);
}

AE_HEADER_INLINE std::uint64_t bytes_of(const SafeTensors& file) {
  std::uint64_t all = 0;
  for (const auto& [name, tensor] : file.tensors) all += tensor.bytes.size();
  return all;
}

using NamedTensor = std::pair<const std::string, Tensor>;

/// Throws FileError for a tensor whose bytes are not those of its type and shape.
inline std::vector<const NamedTensor*> in_file_order(const SafeTensors& file,
                                                     const std::string& where) {
  std::vector<const NamedTensor*> items;
  for (const NamedTensor& item : file.tensors) {
    const auto& [dtype, shape, bytes] = item.second;
    const std::string place = tensor_place(where, item.first);
    require<FileError>(item.first != "__metadata__", place, ": expected another name");
    require_bytes(dtype, shape, bytes.size(), place);
    items.push_back(&item);
  }
  std::stable_sort(items.begin(), items.end(), [](const auto* a, const auto* b) {
    return bits_of(a->second.dtype) > bits_of(b->second.dtype);
  });
  return items;
}

/// The JSON, with spaces behind it so that the values begin at a multiple of 8. It is read again,
/// so that nothing is written that a reader would refuse.
inline std::string safetensors_header(const SafeTensors& file,
                                      const std::vector<const NamedTensor*>& items,
                                      const std::string& where) {
  std::string header, strings;
  const auto add = [](std::string& object, std::string_view key, const std::string& value) {
    object += object.empty() ? '{' : ',';
    object += json_text(key);
    object += ':';
    object += value;
  };
  for (const auto& [key, value] : file.metadata) {
    add(strings, key, json_text(std::string_view(value)));
  }
  if (!strings.empty()) add(header, "__metadata__", strings + '}');
  std::uint64_t first = 0;
  for (const auto* item : items) {
    const auto& [dtype, shape, bytes] = item->second;
    const std::uint64_t end = first + bytes.size();
    add(header, item->first,
        text(R"({"data_offsets":[)", first, ',', end, R"(],"dtype":")", dtype, R"(","shape":)",
             json_text(shape), '}'));
    first = end;
  }
  header += header.empty() ? "{}" : "}";
  try {
    parse_safetensors_header(header, sizeof(std::uint64_t), "header");
  } catch (const FileError& error) {
    throw FileError(text(where, ": expected names and metadata in UTF-8: ", error.what()));
  }
  header.append((8 - header.size() % 8) % 8, ' ');
  return header;
}

}  // namespace detail

AE_HEADER_INLINE SafeTensors parse_safetensors(std::string_view bytes, const std::string& where) {
  const std::string_view json = detail::safetensors_json(bytes, where);
  detail::SafeTensorsHeader header =
      detail::parse_safetensors_header(json, sizeof(std::uint64_t), where);
  const std::string_view values = bytes.substr(sizeof(std::uint64_t) + json.size());
  detail::require_tiled(header, values.size(), where);
  SafeTensors file{{}, std::move(header.metadata)};
  for (auto& [name, entry] : header.entries) {
    const auto first = detail::to_size(entry.offsets[0]);
    const auto size = detail::to_size(entry.offsets[1]) - first;
    file.tensors.emplace(name, Tensor{std::move(entry.dtype), std::move(entry.shape),
                                      std::string(values.substr(first, size))});
  }
  return file;
}

AE_HEADER_INLINE SafeTensors read_safetensors(const std::filesystem::path& path) {
  return parse_safetensors(read_file(path), detail::path_text(path));
}

AE_HEADER_INLINE std::string safetensors_bytes(const SafeTensors& file, const std::string& where) {
  const auto items = detail::in_file_order(file, where);
  const std::string header = detail::safetensors_header(file, items, where);
  const std::uint64_t size = header.size();
  detail::require<FileError>(size <= detail::safetensors_header_limit, where,
                             ": expected a header of at ", "most ",
                             detail::safetensors_header_limit, " bytes, found one of ", size);
  std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
  bytes += header;
  for (const auto* item : items) bytes += item->second.bytes;
  return bytes;
}

AE_HEADER_INLINE void write_safetensors(const SafeTensors& file,
                                        const std::filesystem::path& path) {
  write_file(safetensors_bytes(file, detail::path_text(path)), path);
}

}  // namespace ae::inline AE_ABI

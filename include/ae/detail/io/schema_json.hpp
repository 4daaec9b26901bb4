#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/schema.hpp"
#include "ae/io/safetensors.hpp"

/// Schemas in the metadata of files, as JSON.
namespace ae::inline AE_ABI::detail {

constexpr const char* schema_key = "ae.schema";

std::string json_text(const Schema& schema);

/// Throws FileError, which begins with the place, for anything that `json_text` does not write.
Schema parse_schema(std::string_view json, const std::string& place);

/// The schema in a file's metadata, if there is one.
std::optional<Schema> schema_in(const SafeTensors& file, const std::string& where);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/schema_json-inl.hpp"
#endif

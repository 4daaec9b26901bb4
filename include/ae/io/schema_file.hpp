#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/schema.hpp"
#include "ae/detail/io/schema_json.hpp"
#include "ae/io/model_file.hpp"

/// A model whose file also says what the columns of its tables are, in its metadata, under the key
/// `ae.schema`. `ae::load` reads the model as ever. Needs nlohmann/json.
namespace ae::inline AE_ABI {

/// Throws as the other `save`, and ShapeError for a schema of another number of features.
/// ~~~{.cpp}
/// ae::save(model, schema, "model.safetensors");
/// ~~~
template <class Model>
void save(const Model& model, const Schema& schema, const std::filesystem::path& path) {
  const std::string where = detail::path_text(path);
  detail::require<ShapeError>(schema.features() == model.features(), where,
                              ": expected a schema of ", model.features(), " features, found ",
                              schema.features());
  SafeTensors file = detail::to_file(model, where);
  file.metadata[detail::schema_key] = detail::json_text(schema);
  write_safetensors(file, path);
}

/// The schema in the file of a model or of a detector. Throws FileError if it has none.
/// ~~~{.cpp}
/// const auto table = ae::Table::read("new.csv", ae::load_schema("model.safetensors"));
/// const auto model = ae::load<ae::StackedAutoencoder<>>("model.safetensors");
/// ~~~
inline Schema load_schema(const std::filesystem::path& path) {
  const std::string where = detail::path_text(path);
  auto schema = detail::schema_in(read_safetensors(path), where);
  detail::require<FileError>(schema.has_value(), where, ": expected a file with a schema (",
                             detail::schema_key, "), found none in it");
  return std::move(*schema);
}

}  // namespace ae::inline AE_ABI

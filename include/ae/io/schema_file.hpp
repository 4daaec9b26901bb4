#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/data/schema.hpp"
#include "ae/io/model_file.hpp"

/// A model whose file also says what the columns of its tables are, under the key `ae.schema` of
/// its metadata. `ae::load` reads the model as ever. Needs nlohmann/json.
namespace ae::inline AE_ABI {

/// Throws as the other `save` does, and ShapeError for a schema of another number of features.
template <class Model>
void save(const Model& model, const Schema& schema, const std::filesystem::path& path);

/// The schema in the file of a model or of a detector. Throws FileError if it has none.
Schema load_schema(const std::filesystem::path& path);

}  // namespace ae::inline AE_ABI

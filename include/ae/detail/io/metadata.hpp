#pragma once

#include <cmath>

#include "ae/io/safetensors.hpp"

/// What a file says of a model beside its tensors: texts under names, each in JSON.
namespace ae::detail {

/// Throws FileError if there is none, or no JSON, or lists in lists without end.
inline nlohmann::json metadata(const SafeTensors& file, const std::string& key,
                               const std::string& where) {
  const auto found = file.metadata.find(key);
  require<FileError>(found != file.metadata.end(), where, ", ", key,
                     ": expected a model's metadata, found none");
  constexpr int deepest = 8;  // JSON is worked on recursively, so it must not be nested deep
  bool deep = false;
  const auto follow = [&](int depth, nlohmann::json::parse_event_t, const nlohmann::json&) {
    deep = deep || depth > deepest;
    return !deep;
  };
  auto json = nlohmann::json::parse(found->second, follow, false);
  require<FileError>(!deep, where, ", ", key, ": expected JSON of at most ", deepest,
                     " levels, found more");
  require<FileError>(!json.is_discarded(), where, ", ", key, ": expected JSON, found \"",
                     shown(found->second), '"');
  return json;
}

/// Throws FileError unless a file says just this.
inline void require_metadata(const SafeTensors& file, const std::string& key,
                             const nlohmann::json& expected, const std::string& where) {
  const nlohmann::json found = metadata(file, key, where);
  require<FileError>(found == expected, where, ", ", key, ": expected ", expected.dump(),
                     ", found ", shown(found.dump(), 300));
}

/// What `read` makes of a file's metadata. Throws FileError, which says what was expected, where
/// that throws.
template <class Read>
auto read_metadata(const SafeTensors& file, const std::string& key, const char* expected,
                   const std::string& where, const Read& read) {
  const nlohmann::json found = metadata(file, key, where);
  try {
    return read(found);
  } catch (const nlohmann::json::exception&) {
    throw FileError(
        text(where, ", ", key, ": expected ", expected, ", found ", shown(found.dump())));
  } catch (const Error& error) {
    throw FileError(text(where, ", ", key, ": ", error.what()));
  }
}

template <class Derived>
nlohmann::json to_json(const Eigen::MatrixBase<Derived>& column) {
  nlohmann::json all = nlohmann::json::array();
  for (const auto value : column.reshaped()) all.push_back(static_cast<double>(value));
  return all;
}

/// Throws ShapeError for a list of another length, and nlohmann::json::exception.
template <class Scalar>
Vector<Scalar> to_vector(const nlohmann::json& list, Index size) {
  const auto values = list.get<std::vector<double>>();
  require<ShapeError>(values.size() == static_cast<std::size_t>(size), "expected ", size,
                      " numbers, found ", values.size());
  return Eigen::Map<const Vector<double>>(values.data(), size).template cast<Scalar>();
}

}  // namespace ae::detail

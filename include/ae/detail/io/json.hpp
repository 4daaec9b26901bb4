#pragma once

#include "ae/detail/core/abi.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// JSON as plain values and texts.
namespace ae::inline AE_ABI::detail {

/// A value in JSON.
struct Json {
  enum class Kind : std::uint8_t { null, boolean, whole, negative, real, string, list, object };
  struct Parts;

  Json();
  Json(Json&&) noexcept;
  Json& operator=(Json&&) noexcept;
  ~Json();

  bool is_number() const {
    return kind == Kind::whole || kind == Kind::negative || kind == Kind::real;
  }
  /// A member of an object; nothing where it has none of this name, or is no object.
  const Json* find(std::string_view name) const;

  Kind kind = Kind::null;
  std::uint64_t whole = 0;       ///< of a whole number
  double number = 0;             ///< of any number; of a boolean 0 or 1
  std::unique_ptr<Parts> parts;  ///< of a string, a list and an object
};

struct Json::Parts {
  std::string string;
  std::vector<Json> items;                           ///< of a list
  std::map<std::string, Json, std::less<>> members;  ///< of an object
};

/// The value of a text. Throws FileError, which begins with the place, for a text that is no JSON,
/// has a key twice in an object, or nests deeper than 8 levels.
Json parse_json(std::string_view text, const std::string& place);

// Texts of values. An object's keys are sorted; a double is as short as brings back its bits.

std::string json_text(const Json& value);
std::string json_text(std::string_view string);
std::string json_text(double number);
std::string json_text(std::span<const double> numbers);
std::string json_text(std::span<const std::uint64_t> numbers);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/json-inl.hpp"
#endif

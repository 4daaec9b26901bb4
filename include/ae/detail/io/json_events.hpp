#pragma once

#include "ae/detail/core/abi.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ae::inline AE_ABI::detail {

/// What a text in JSON consists of, in its order. A whole number has no sign and fits 64 bits.
class JsonEvents {
 public:
  virtual ~JsonEvents() = default;
  virtual void start_object() = 0;
  virtual void key(std::string& name) = 0;
  virtual void end_object() = 0;
  virtual void start_list() = 0;
  virtual void end_list() = 0;
  virtual void string(std::string& value) = 0;
  virtual void whole(std::uint64_t value) = 0;
  virtual void negative(std::int64_t value) = 0;
  virtual void real(double value) = 0;
  virtual void boolean(bool value) = 0;
  virtual void null() = 0;
};

struct JsonError {
  std::size_t byte;  ///< where it was noticed, counted from 0
  std::string what;
};

/// Calls `events` in the order of the text; what they throw passes through.
std::optional<JsonError> read_json(std::string_view text, JsonEvents& events);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/json_events-inl.hpp"
#endif

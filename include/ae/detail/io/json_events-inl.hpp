#pragma once

#include "ae/detail/core/abi.hpp"

#include <nlohmann/json.hpp>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/json_events.hpp"

/// The only place that knows the library which reads JSON.
namespace ae::inline AE_ABI::detail {

/// What the parser calls, handed on.
struct JsonListener {
  bool start_object(std::size_t) { return events.start_object(), true; }
  bool key(std::string& name) { return events.key(name), true; }
  bool end_object() { return events.end_object(), true; }
  bool start_array(std::size_t) { return events.start_list(), true; }
  bool end_array() { return events.end_list(), true; }
  bool string(std::string& value) { return events.string(value), true; }
  bool number_unsigned(std::uint64_t value) { return events.whole(value), true; }
  bool number_integer(std::int64_t value) { return events.negative(value), true; }
  bool number_float(double value, const std::string&) { return events.real(value), true; }
  bool boolean(bool value) { return events.boolean(value), true; }
  bool null() { return events.null(), true; }
  bool binary(nlohmann::json::binary_t&) { return true; }  // JSON has none
  bool parse_error(std::size_t read, const std::string&, const std::exception& cause) {
    error = {read - 1, cause.what()};
    return false;
  }

  JsonEvents& events;
  std::optional<JsonError> error;
};

AE_HEADER_INLINE std::optional<JsonError> read_json(std::string_view text, JsonEvents& events) {
  // The parser would take a zero byte for the end.
  if (const auto zero = text.find('\0'); zero != text.npos) return JsonError{zero, "a zero byte"};
  JsonListener listener{events, {}};
  // Not json::sax_parse, which would have its readers of five binary formats compiled as well.
  auto input = nlohmann::detail::input_adapter(text.data(), text.data() + text.size());
  // NOLINTNEXTLINE(performance-move-const-arg): the parser takes nothing but an rvalue
  nlohmann::detail::parser<nlohmann::json, decltype(input)>(std::move(input)).sax_parse(&listener);
  return std::move(listener.error);
}

}  // namespace ae::inline AE_ABI::detail

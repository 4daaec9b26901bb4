#pragma once

#include "ae/detail/core/abi.hpp"

#include <charconv>
#include <cmath>

#include "ae/detail/core/claims.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/json.hpp"
#include "ae/detail/io/json_events.hpp"

namespace ae::inline AE_ABI::detail {

AE_HEADER_INLINE Json::Json() = default;
AE_HEADER_INLINE Json::Json(Json&&) noexcept = default;
AE_HEADER_INLINE Json& Json::operator=(Json&&) noexcept = default;
AE_HEADER_INLINE Json::~Json() = default;

AE_HEADER_INLINE const Json* Json::find(std::string_view name) const {
  if (kind != Kind::object) return nullptr;
  const auto found = parts->members.find(name);
  return found == parts->members.end() ? nullptr : &found->second;
}

/// Builds a value; the lists and objects that are open lie on a stack, each under its key.
class JsonBuilder final : public JsonEvents {
 public:
  explicit JsonBuilder(const std::string& place) : place_(place) {}

  void start_object() override { open(Json::Kind::object); }
  void start_list() override { open(Json::Kind::list); }
  void end_object() override { close(); }
  void end_list() override { close(); }
  void key(std::string& name) override {
    require<FileError>(open_.back().find(name) == nullptr, place_, ": expected the key \"",
                       shown(name), "\" once, found it twice");
    keys_.back() = std::move(name);
  }
  void string(std::string& value) override {
    Json json = with_parts(Json::Kind::string);
    json.parts->string = std::move(value);
    add(std::move(json));
  }
  void whole(std::uint64_t value) override {
    Json json = of(Json::Kind::whole, static_cast<double>(value));
    json.whole = value;
    add(std::move(json));
  }
  void negative(std::int64_t value) override {
    add(of(Json::Kind::negative, static_cast<double>(value)));
  }
  void real(double value) override { add(of(Json::Kind::real, value)); }
  void boolean(bool value) override { add(of(Json::Kind::boolean, value ? 1 : 0)); }
  void null() override { add({}); }

  Json result;

 private:
  static Json of(Json::Kind kind, double number) {
    Json json;
    json.kind = kind;
    json.number = number;
    return json;
  }

  static Json with_parts(Json::Kind kind) {
    Json json = of(kind, 0);
    json.parts = std::make_unique<Json::Parts>();
    return json;
  }

  void open(Json::Kind kind) {
    constexpr std::size_t deepest = 8;  // what comes after it is recursive
    require<FileError>(open_.size() < deepest, place_, ": expected JSON of at most ", deepest,
                       " levels, found more");
    open_.push_back(with_parts(kind));
    keys_.emplace_back();
  }

  void close() {
    Json json = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    add(std::move(json));
  }

  void add(Json json) {
    if (open_.empty()) {
      result = std::move(json);
    } else if (open_.back().kind == Json::Kind::list) {
      open_.back().parts->items.push_back(std::move(json));
    } else {
      open_.back().parts->members.emplace(std::move(keys_.back()), std::move(json));
    }
  }

  const std::string& place_;
  std::vector<Json> open_;
  std::vector<std::string> keys_;  // the one that was read last in each
};

AE_HEADER_INLINE Json parse_json(std::string_view text, const std::string& place) {
  JsonBuilder builder(place);
  const auto error = read_json(text, builder);
  require<FileError>(!error, place, ": expected JSON, found \"", shown(text), '"');
  return std::move(builder.result);
}

AE_HEADER_INLINE std::string json_text(std::string_view string) {
  std::string all = "\"";
  for (const char c : string) {
    constexpr std::string_view named = "\b\f\n\r\t\"\\", names = "bfnrt\"\\";
    constexpr const char* digits = "0123456789abcdef";
    if (const auto at = named.find(c); at != named.npos) {
      all += {'\\', names[at]};
    } else if (c >= 0 && c < ' ') {
      all += {'\\', 'u', '0', '0', digits[c / 16], digits[c % 16]};
    } else {
      all += c;
    }
  }
  return all + '"';
}

AE_HEADER_INLINE std::string json_text(double number) {
  if (!std::isfinite(number)) return "null";  // JSON has no other word for it
  const double size = std::abs(number);
  const bool fixed = size == 0 || (size >= 1e-4 && size < 1e15);
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number,
                                 fixed ? std::chars_format::fixed : std::chars_format::scientific);
  std::string all(digits, end.ptr);
  if (fixed && all.find('.') == all.npos) all += ".0";
  return all;
}

template <class Number, class TextOf>
std::string json_list(std::span<const Number> numbers, const TextOf& text_of) {
  std::string all = "[";
  for (const Number number : numbers) {
    if (all.size() > 1) all += ',';
    all += text_of(number);
  }
  return all + ']';
}

AE_HEADER_INLINE std::string json_text(std::span<const double> numbers) {
  return json_list(numbers, [](double number) { return json_text(number); });
}

AE_HEADER_INLINE std::string json_text(std::span<const std::uint64_t> numbers) {
  return json_list(numbers, [](std::uint64_t number) { return text(number); });
}

inline std::string json_text(const Json::Parts& parts, bool list) {
  std::string all(1, list ? '[' : '{');
  const auto add = [&](const std::string& item) {
    if (all.size() > 1) all += ',';
    all += item;
  };
  for (const Json& item : parts.items) add(json_text(item));
  for (const auto& [key, item] : parts.members) {
    add(json_text(std::string_view(key)) + ':' + json_text(item));
  }
  return all + (list ? ']' : '}');
}

AE_HEADER_INLINE std::string json_text(const Json& value) {
  switch (value.kind) {
    case Json::Kind::null:
      return "null";
    case Json::Kind::boolean:
      return value.number != 0 ? "true" : "false";
    case Json::Kind::whole:
      return text(value.whole);
    case Json::Kind::negative:
      return text(static_cast<std::int64_t>(value.number));
    case Json::Kind::real:
      return json_text(value.number);
    case Json::Kind::string:
      return json_text(std::string_view(value.parts->string));
    default:
      return json_text(*value.parts, value.kind == Json::Kind::list);
  }
}

}  // namespace ae::inline AE_ABI::detail

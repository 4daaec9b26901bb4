#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>

#include "ae/detail/core/claims.hpp"
#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/json.hpp"
#include "ae/detail/io/schema_json.hpp"

namespace ae::inline AE_ABI::detail {

/// In the order of ColumnKind.
constexpr std::array<std::string_view, 5> kind_names{"numeric", "categorical", "time", "label",
                                                     "ignored"};

/// In the order of TimeFormat.
constexpr std::array<std::string_view, 3> time_format_names{"either", "iso8601", "seconds"};

inline std::string json_list_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& each : texts) {
    all += text(all.empty() ? "" : ",", json_text(std::string_view(each)));
  }
  return text('[', all, ']');
}

inline std::string json_letter(std::optional<char> letter) {
  return letter ? json_text(std::string_view(&*letter, 1)) : "null";
}

inline std::string name_of(TimeFormat format) {
  return json_text(time_format_names[static_cast<std::size_t>(format)]);
}

inline std::string json_text(const Column& column) {
  const bool categorical = column.kind == ColumnKind::categorical;
  return text(
      '{', categorical ? "\"categories\":" + json_list_of(column.categories) + ',' : "",
      "\"kind\":", json_text(kind_names[static_cast<std::size_t>(column.kind)]),
      ",\"name\":", json_text(std::string_view(column.name)),
      column.note.empty() ? "" : ",\"note\":" + json_text(std::string_view(column.note)),
      column.kind == ColumnKind::time ? ",\"time_format\":" + name_of(column.time_format) : "",
      '}');
}

AE_HEADER_INLINE std::string json_text(const Schema& schema) {
  std::string columns;
  for (const Column& column : schema.columns()) {
    columns += text(columns.empty() ? "" : ",", json_text(column));
  }
  const TableFormat& format = schema.format();
  return text("{\"columns\":[", columns, "],\"comment\":", json_letter(format.comment),
              ",\"decimal\":", json_letter(format.decimal),
              ",\"missing_marks\":", json_list_of(format.missing_marks),
              ",\"named\":", schema.has_names() ? "true" : "false",
              ",\"normal_labels\":", json_list_of(format.normal_labels),
              ",\"separator\":", json_letter(format.separator),
              ",\"usual_marks\":", format.usual_marks ? "true" : "false", '}');
}

/// Values of an object in JSON, of the kind that is expected.
class SchemaParser {
 public:
  SchemaParser(const Json& object, const std::string& place) : object_(object), place_(place) {}

  const Json& find(const char* key, Json::Kind kind) const {
    const Json* const found = object_.find(key);
    require<FileError>(found != nullptr && found->kind == kind, place_,
                       ": expected a schema with the key \"", key, "\", found ",
                       shown(json_text(object_), 200));
    return *found;
  }
  bool flag(const char* key) const { return find(key, Json::Kind::boolean).number != 0; }
  const std::string& string(const char* key) const {
    return find(key, Json::Kind::string).parts->string;
  }
  std::optional<char> letter(const char* key) const {
    if (const Json* const found = object_.find(key); found && found->kind == Json::Kind::null) {
      return {};
    }
    const std::string& letter = string(key);
    require<FileError>(letter.size() == 1, place_, ": expected one letter for \"", key,
                       "\", found \"", shown(letter), '"');
    return letter[0];
  }
  std::vector<std::string> strings(const char* key) const {
    std::vector<std::string> all;
    for (const Json& item : find(key, Json::Kind::list).parts->items) {
      require<FileError>(item.kind == Json::Kind::string, place_, ": expected texts for \"", key,
                         "\", found ", shown(json_text(item)));
      all.push_back(item.parts->string);
    }
    return all;
  }
  Column column() const {
    Column column{string("name")};
    column.kind = one_of<ColumnKind>(
        "kind", kind_names, "the kind of a column (numeric, categorical, time, label or ignored)");
    if (column.kind == ColumnKind::time) {
      column.time_format = one_of<TimeFormat>("time_format", time_format_names,
                                              "a format of times (either, iso8601 or seconds)");
    }
    if (column.kind == ColumnKind::categorical) column.categories = strings("categories");
    if (object_.find("note") != nullptr) column.note = string("note");
    return column;
  }

 private:
  template <class Enum>
  Enum one_of(const char* key, std::span<const std::string_view> names,
              const char* expected) const {
    const std::string& name = string(key);
    const auto found = std::find(names.begin(), names.end(), name);
    require<FileError>(found != names.end(), place_, ": expected ", expected, ", found \"",
                       shown(name), '"');
    return static_cast<Enum>(found - names.begin());
  }

  const Json& object_;
  const std::string& place_;
};

AE_HEADER_INLINE Schema parse_schema(std::string_view json, const std::string& place) {
  const Json value = parse_json(json, place);
  const SchemaParser parser(value, place);
  std::vector<Column> columns;
  for (const Json& column : parser.find("columns", Json::Kind::list).parts->items) {
    columns.push_back(SchemaParser(column, place).column());
  }
  TableFormat format;
  format.separator = parser.letter("separator");
  format.decimal = parser.letter("decimal").value_or('\0');
  format.comment = parser.letter("comment");
  format.missing_marks = parser.strings("missing_marks");
  format.usual_marks = parser.flag("usual_marks");
  format.normal_labels = parser.strings("normal_labels");
  try {
    return {std::move(columns), parser.flag("named"), std::move(format)};
  } catch (const OptionError& error) {
    throw FileError(text(place, ": ", error.what()));
  }
}

AE_HEADER_INLINE std::optional<Schema> schema_in(const SafeTensors& file,
                                                 const std::string& where) {
  const auto found = file.metadata.find(schema_key);
  if (found == file.metadata.end()) return {};
  return parse_schema(found->second, text(where, ", ", schema_key));
}

}  // namespace ae::inline AE_ABI::detail

#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace ae::inline AE_ABI::detail {

/// Words of C++17 and C++20, and what may not be, or open, a namespace of a user's.
inline bool is_reserved(std::string_view name) {
  static constexpr std::string_view words[] = {
      "alignas",   "alignof",      "and",           "and_eq",
      "asm",       "auto",         "bitand",        "bitor",
      "bool",      "break",        "case",          "catch",
      "char",      "char16_t",     "char32_t",      "char8_t",
      "class",     "co_await",     "co_return",     "co_yield",
      "compl",     "concept",      "const",         "const_cast",
      "consteval", "constexpr",    "constinit",     "continue",
      "decltype",  "default",      "delete",        "do",
      "double",    "dynamic_cast", "else",          "enum",
      "explicit",  "export",       "extern",        "false",
      "float",     "for",          "friend",        "goto",
      "if",        "inline",       "int",           "long",
      "mutable",   "namespace",    "new",           "noexcept",
      "not",       "not_eq",       "nullptr",       "operator",
      "or",        "or_eq",        "posix",         "private",
      "protected", "public",       "register",      "reinterpret_cast",
      "requires",  "return",       "short",         "signed",
      "sizeof",    "static",       "static_assert", "static_cast",
      "std",       "struct",       "switch",        "template",
      "this",      "thread_local", "throw",         "true",
      "try",       "typedef",      "typeid",        "typename",
      "union",     "unsigned",     "using",         "virtual",
      "void",      "volatile",     "wchar_t",       "while",
      "xor",       "xor_eq"};
  return std::find(std::begin(words), std::end(words), name) != std::end(words);
}

/// What a file's name makes as the name of a namespace.
inline std::string cpp_name(std::string name) {
  for (char& c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter) c = '_';
  }
  for (std::size_t at; (at = name.find("__")) != std::string::npos;) name.erase(at, 1);
  const bool starts = !name.empty() && name[0] != '_' && !(name[0] >= '0' && name[0] <= '9');
  if (!starts) name = (name.starts_with('_') ? "model" : "model_") + name;
  return is_reserved(name) ? "model_" + name : name;
}

}  // namespace ae::inline AE_ABI::detail

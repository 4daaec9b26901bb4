#pragma once

#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// As much of JSON as figures need: written, never read.
namespace bench::json {

inline std::string text(const std::string& value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return quoted + '"';
}

/// What is not there, or not finite, is null.
inline std::string number(double value) {
  if (!std::isfinite(value)) return "null";
  std::ostringstream out;
  out.precision(6);
  out << value;
  return out.str();
}

/// Keys with values that are JSON already, in their order.
using Object = std::vector<std::pair<std::string, std::string>>;

inline std::string object(const Object& members, const std::string& between = ", ") {
  std::string all;
  for (const auto& [key, value] : members) {
    all += (all.empty() ? "" : between) + text(key) + ": " + value;
  }
  return '{' + all + '}';
}

inline std::string array(const std::vector<std::string>& values) {
  std::string all;
  for (const auto& value : values) all += (all.empty() ? "\n  " : ",\n  ") + value;
  return '[' + all + "\n]";
}

inline std::string numbers(const std::vector<double>& values) {
  std::string all;
  for (const double value : values) all += (all.empty() ? "" : ", ") + number(value);
  return '[' + all + ']';
}

inline void write(const std::string& path, const Object& members) {
  std::ofstream out(path);
  out << object(members, ",\n") << '\n';
  if (!out.flush()) throw std::runtime_error(path + ": cannot be written");
}

}  // namespace bench::json

#pragma once

#include "ae/detail/core/abi.hpp"

#include <concepts>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace ae::inline AE_ABI {

/// Gives the next bytes of a text, at least one unless it has ended, and says how many.
using ReadBytes = std::function<std::size_t(std::span<char>)>;

namespace detail {

/// The bytes of a text, which must live as long.
ReadBytes bytes_of_text(std::string_view text);

}  // namespace detail

/// A text that is read a piece at a time, as often as it is opened: a file, or whatever else gives
/// bytes. A path is one: `ae::Table::read("sensors.csv")`.
/// ~~~{.cpp}
/// const auto text = ae::TextFile::of("pressure,flow\n1.5,20\n1.6,21\n");
/// const ae::Matrix<float> x = ae::csv::read(text).values;  // 2 x 2
/// ~~~
class TextFile {
 public:
  template <std::convertible_to<std::filesystem::path> Path>
  TextFile(const Path& path) : TextFile(of_path(path)) {}

  /// `name` is what errors call it. `open` may throw FileError, and what it gives too.
  TextFile(std::string name, std::function<ReadBytes()> open)
      : name_(std::move(name)), open_(std::move(open)) {}

  /// A text in memory.
  static TextFile of(std::string text, std::string name = "CSV");

  const std::string& name() const { return name_; }
  ReadBytes open() const { return open_(); }

 private:
  static TextFile of_path(const std::filesystem::path& path);

  std::string name_;
  std::function<ReadBytes()> open_;
};

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/data/text_file-inl.hpp"
#endif

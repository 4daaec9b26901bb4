#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "ae/io/tensor.hpp"

namespace ae::detail {

/// Follows the JSON of a safetensors header: an object of tensors, each an object of dtype, shape
/// and data_offsets, and one object of strings. Anything else is refused where it begins, so that
/// nothing nests deeper and nothing else is kept. Throws FileError.
class SafeTensorsHeader {
 public:
  struct Entry {
    std::string dtype;
    std::vector<std::uint64_t> shape, offsets;
  };

  /// `first` is the place of the header in its file.
  SafeTensorsHeader(std::string_view json, std::uint64_t first, std::string where)
      : where_(std::move(where)), first_(first) {
    // The parser would take a zero byte for the end.
    const std::size_t zero = json.find('\0');
    require<FileError>(zero == json.npos, where_, ", byte ", first + zero,
                       ": expected JSON, found a zero byte");
    nlohmann::json::sax_parse(json.begin(), json.end(), this);
  }

  std::map<std::string, Entry> entries;
  std::map<std::string, std::string, std::less<>> metadata;

  // What the parser calls, in the order of the text.

  bool start_object(std::size_t) {
    if (depth_ == 2) refuse("an object");
    ++depth_;
    return true;
  }

  bool key(std::string& key) {
    (depth_ == 1 ? name_ : field_) = key;
    if (depth_ == 1) in_metadata_ = key == "__metadata__";
    require<FileError>(depth_ == 1 || in_metadata_ || key == "dtype" || is_list(), place(),
                       ": expected dtype, shape or data_offsets, found another key");
    require<FileError>(is_new(key), place(), ": expected this key once, found it twice");
    return true;
  }

  bool string(std::string& value) {
    if (depth_ != 2 || (!in_metadata_ && field_ != "dtype")) refuse("a string");
    (in_metadata_ ? metadata[field_] : entry_->dtype) = value;
    return true;
  }

  bool start_array(std::size_t) {
    if (depth_ != 2 || in_metadata_ || !is_list() || list_ != nullptr) refuse("a list");
    list_ = field_ == "shape" ? &entry_->shape : &entry_->offsets;
    return true;
  }

  bool number_unsigned(std::uint64_t value) {
    if (list_ == nullptr) refuse("a number");
    list_->push_back(value);
    return true;
  }

  bool end_array() {
    list_ = nullptr;
    return true;
  }

  bool end_object() {
    if (depth_ == 2 && !in_metadata_) {
      field_.clear();
      require<FileError>(fields_.size() == 3, place(),
                         ": expected dtype, shape and data_offsets, found ", fields_.size(),
                         " of the three");
      require<FileError>(entry_->offsets.size() == 2, place(),
                         ": expected two data_offsets, found ", entry_->offsets.size());
    }
    field_.clear();
    --depth_;
    return true;
  }

  bool null() { refuse("null"); }
  bool boolean(bool) { refuse("a boolean"); }
  bool number_integer(std::int64_t) { refuse("a negative number"); }
  bool number_float(double, const std::string&) { refuse("a number with a fraction or too large"); }
  bool binary(nlohmann::json::binary_t&) { refuse("bytes"); }

  bool parse_error(std::size_t read, const std::string&, const std::exception& error) {
    throw FileError(
        text(where_, ", byte ", first_ + read - 1, ": expected JSON: ", shown(error.what(), 300)));
  }

 private:
  /// Makes a place for what the key names; false if there is one.
  bool is_new(const std::string& key) {
    if (depth_ == 2 && in_metadata_) return metadata.try_emplace(key).second;
    if (depth_ == 2) return fields_.insert(key).second;
    if (in_metadata_) return !std::exchange(seen_metadata_, true);
    const auto [entry, inserted] = entries.try_emplace(key);
    entry_ = &entry->second;
    fields_.clear();
    return inserted;
  }

  bool is_list() const { return field_ == "shape" || field_ == "data_offsets"; }

  std::string place() const {
    if (depth_ == 0) return where_ + ", header";
    std::string all = where_ + (in_metadata_ ? ", " : ", tensor \"") + shown(name_);
    if (!in_metadata_) all += '"';
    return field_.empty() ? all : all + ", " + shown(field_);
  }

  [[noreturn]] void refuse(const char* found) const {
    const char* const expected = depth_ == 0                   ? "an object of tensors"
                                 : depth_ == 1 && in_metadata_ ? "an object of strings"
                                 : depth_ == 1                 ? "an object"
                                 : in_metadata_ || !is_list()  ? "a string"
                                 : list_ == nullptr            ? "a list of whole numbers"
                                                               : "whole numbers from 0 on";
    throw FileError(text(place(), ": expected ", expected, ", found ", found));
  }

  std::string where_, name_, field_;
  std::uint64_t first_;
  int depth_ = 0;
  bool in_metadata_ = false, seen_metadata_ = false;
  Entry* entry_ = nullptr;
  std::set<std::string> fields_;  // of the entry, that were seen
  std::vector<std::uint64_t>* list_ = nullptr;
};

}  // namespace ae::detail

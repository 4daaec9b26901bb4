#pragma once

#include "ae/detail/core/abi.hpp"

#include <set>
#include <utility>

#include "ae/detail/core/header_only.hpp"
#include "ae/detail/io/json_events.hpp"
#include "ae/detail/io/safetensors_header.hpp"

namespace ae::inline AE_ABI::detail {

class SafeTensorsHeaderEvents final : public JsonEvents {
 public:
  explicit SafeTensorsHeaderEvents(const std::string& where) : where_(where) {}

  void start_object() override {
    if (depth_ == 2) refuse("an object");
    ++depth_;
  }

  void key(std::string& key) override {
    (depth_ == 1 ? name_ : field_) = key;
    if (depth_ == 1) in_metadata_ = key == "__metadata__";
    require<FileError>(depth_ == 1 || in_metadata_ || key == "dtype" || is_list(), place(),
                       ": expected dtype, shape or data_offsets, found another key");
    require<FileError>(is_new(key), place(), ": expected this key once, found it twice");
  }

  void string(std::string& value) override {
    if (depth_ != 2 || (!in_metadata_ && field_ != "dtype")) refuse("a string");
    (in_metadata_ ? header.metadata[field_] : entry_->dtype) = value;
  }

  void start_list() override {
    if (depth_ != 2 || in_metadata_ || !is_list() || list_ != nullptr) refuse("a list");
    list_ = field_ == "shape" ? &entry_->shape : &entry_->offsets;
  }

  void whole(std::uint64_t value) override {
    if (list_ == nullptr) refuse("a number");
    list_->push_back(value);
  }

  void end_list() override { list_ = nullptr; }

  void end_object() override {
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
  }

  void null() override { refuse("null"); }
  void boolean(bool) override { refuse("a boolean"); }
  void negative(std::int64_t) override { refuse("a negative number"); }
  void real(double) override { refuse("a number with a fraction or too large"); }

  SafeTensorsHeader header;

 private:
  /// Makes a place for what the key names; false if there is one.
  bool is_new(const std::string& key) {
    if (depth_ == 2 && in_metadata_) return header.metadata.try_emplace(key).second;
    if (depth_ == 2) return fields_.insert(key).second;
    if (in_metadata_) return !std::exchange(seen_metadata_, true);
    const auto [entry, inserted] = header.entries.try_emplace(key);
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

  const std::string& where_;
  std::string name_, field_;
  int depth_ = 0;
  bool in_metadata_ = false, seen_metadata_ = false;
  SafeTensorsHeader::Entry* entry_ = nullptr;
  std::set<std::string> fields_;  // of the entry, that were seen
  std::vector<std::uint64_t>* list_ = nullptr;
};

AE_HEADER_INLINE SafeTensorsHeader parse_safetensors_header(std::string_view json,
                                                            std::uint64_t first,
                                                            const std::string& where) {
  SafeTensorsHeaderEvents events(where);
  const auto error = read_json(json, events);
  require<FileError>(!error, where, ", byte ", first + (error ? error->byte : 0),
                     ": expected JSON: ", error ? shown(error->what, 300) : "");
  return std::move(events.header);
}

}  // namespace ae::inline AE_ABI::detail

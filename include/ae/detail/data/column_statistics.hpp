#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/data/cell_reader.hpp"
#include "ae/detail/data/iso_time.hpp"
#include "ae/detail/data/text_map.hpp"
#include "ae/detail/data/utf8.hpp"

namespace ae::inline AE_ABI::detail {

/// What was found in the cells of a column.
class ColumnStatistics {
 public:
  /// So many different texts are counted; `on`: these are counted on where there are more.
  ColumnStatistics(std::size_t most, bool on) : most_(most), on_(on) {}

  /// A cell without blanks around it, in this line.
  void add(std::string_view cell, std::ptrdiff_t line, const CellReader& reader) {
    if (reader.number(cell)) {
      if (numbers_++ == 0) first_number_ = line;
    } else if (reader.is_missing(cell)) {
      return;
    } else if (parse_iso_time(cell)) {
      if (times_++ == 0) first_time_ = line;
    } else {
      if (texts_ == 0) first_text_ = {std::string(cell), line};
      ++texts_;
      if (csv::is_number_otherwise(cell, reader.decimal())) ++numbers_otherwise_;
    }
    count(cell, line);
  }

  Index numbers() const { return numbers_; }
  Index times() const { return times_; }
  Index texts() const { return texts_; }
  Index present() const { return numbers_ + times_ + texts_; }
  bool of_other_decimals() const {
    return numbers_otherwise_ > 0 && 2 * (numbers_ + numbers_otherwise_) > present();
  }

  /// The first cell that is neither number nor time, and its line.
  const std::pair<std::string, std::ptrdiff_t>& first_text() const { return first_text_; }

  /// Their lines; 0 if there is none.
  std::ptrdiff_t first_number() const { return first_number_; }
  std::ptrdiff_t first_time() const { return first_time_; }

  /// The texts that were counted, and how often each came; true if there are more.
  const TextMap<Index>& counts() const { return counts_; }
  bool more_texts() const { return more_; }

  /// The line of a text that is not UTF-8; 0 if there is none.
  std::ptrdiff_t other_bytes() const { return other_bytes_; }

 private:
  void count(std::string_view cell, std::ptrdiff_t line) {
    if (more_ && !on_) return;
    if (const auto found = counts_.find(cell); found != counts_.end()) {
      ++found->second;
      return;
    }
    if (counts_.size() == most_) {
      more_ = true;
      return;
    }
    if (other_bytes_ == 0 && utf8_prefix(cell) < cell.size()) other_bytes_ = line;
    counts_.emplace(cell, 1);
  }

  std::size_t most_;
  bool on_;
  Index numbers_ = 0, times_ = 0, texts_ = 0, numbers_otherwise_ = 0;
  std::pair<std::string, std::ptrdiff_t> first_text_;
  std::ptrdiff_t first_number_ = 0, first_time_ = 0;
  TextMap<Index> counts_;
  bool more_ = false;
  std::ptrdiff_t other_bytes_ = 0;
};

/// The most frequent texts, at most so many, sorted.
inline std::vector<std::string> most_frequent(const TextMap<Index>& counts, std::size_t most) {
  std::vector<std::pair<Index, std::string_view>> all;
  for (const auto& [text, count] : counts) all.emplace_back(-count, text);
  std::sort(all.begin(), all.end());
  if (all.size() > most) all.resize(most);
  std::vector<std::string> texts;
  for (const auto& [count, text] : all) texts.emplace_back(text);
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace ae::inline AE_ABI::detail

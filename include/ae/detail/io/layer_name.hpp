#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace ae::inline AE_ABI::detail {

/// What the name of a layer says of its place among others: "encoder.fc_2" is the second of those
/// called "encoder.fc". Of Keras's "dense", "dense_1", ... the first has no number, which is -1.
struct LayerName {
  enum class Half { encoder, none, decoder } half = Half::none;
  std::string words;         ///< the name without its numbers
  std::vector<int> numbers;  ///< at least one for each part of the name

  explicit LayerName(std::string_view name) {
    while (!name.empty()) {
      const std::size_t end = std::min(name.find_first_of("./"), name.size());
      add_part(name.substr(0, end));
      words += '.';
      name.remove_prefix(std::min(end + 1, name.size()));
    }
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  void add_part(std::string_view part) {
    std::string lower;
    for (const char c : part) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower.starts_with("enc")) half = Half::encoder;
    if (lower.starts_with("dec")) half = Half::decoder;
    const std::size_t count = numbers.size();
    for (std::size_t i = 0; i < part.size();) {
      if (!is_digit(part[i])) {
        words += part[i++];
        continue;
      }
      if (!words.empty() && words.back() == '_') words.pop_back();
      int number = 0;
      for (; i < part.size() && is_digit(part[i]); ++i) {
        number = std::min(number, 100'000'000) * 10 + (part[i] - '0');
      }
      numbers.push_back(number);
      words += '#';
    }
    if (numbers.size() > count) return;
    numbers.push_back(-1);
    words += '#';
  }
};

}  // namespace ae::inline AE_ABI::detail

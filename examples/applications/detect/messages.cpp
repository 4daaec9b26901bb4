#include "detect/messages.hpp"

#include <string_view>
#include <utility>

namespace examples {
namespace {

/// What the library says, and what the program does. What contains another comes before it.
constexpr std::pair<std::string_view, std::string_view> words[] = {
    {".header to say which (Header::present or Header::absent), found Header::detect",
     "--header or --no-header to say which, found neither"},
    {".separator = '\\t'", "--separator tab"},
    {".separator = ", "--separator "},
    {"(.separator)", "(--separator)"},
    {".decimal = ", "--decimal "},
    {".ignore_unknown", "--ignore-unknown"},
    {".missing_marks", "--missing"},
    {".normal_labels", "--normal"},
    {".kinds", "--categorical"},
    {".ignored", "--ignore"},
    {"read it by ae::gzip::file of ae/data/gzip.hpp, or unpack it", "unpack it"},
    {"an .npy array; ae/data/npy.hpp reads it", "an .npy array; numpy.savetxt writes it as CSV"},
    {"; ae/data/images.hpp reads it", ""},
    {"; ae/io/model_file.hpp and ae/io/safetensors.hpp read it", ""},
    {"; a model's file is read by ae::load", ""}};

/// Options stand behind a blank or a bracket; what does not is part of a name.
bool is_option(const std::string& message, std::size_t at, std::string_view word) {
  return word.front() != '.' || (at > 0 && (message[at - 1] == ' ' || message[at - 1] == '('));
}

}  // namespace

std::string with_own_options(std::string message) {
  for (const auto& [theirs, own] : words) {
    auto at = message.find(theirs);
    while (at != std::string::npos) {
      const bool replaced = is_option(message, at, theirs);
      if (replaced) message.replace(at, theirs.size(), own);
      at = message.find(theirs, at + (replaced ? own.size() : theirs.size()));
    }
  }
  return message;
}

}  // namespace examples

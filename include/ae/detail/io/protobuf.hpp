#pragma once

#include "ae/detail/core/abi.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace ae::inline AE_ABI::detail {

/// A message of protocol buffers: fields one behind the other, each a tag (its number and the kind
/// of its value) and the value. "Encoding", protobuf.dev/programming-guides/encoding.
class Message {
 public:
  Message& number(std::uint64_t field, std::uint64_t value) {
    tag(field, 0);
    varint(value);
    return *this;
  }

  /// A text, bytes, or a message within the message.
  Message& text(std::uint64_t field, std::string_view value) {
    tag(field, 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(std::uint64_t field, const Message& value) { return text(field, value.bytes_); }

  Message& real(std::uint64_t field, float value) {
    tag(field, 5);
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(bits >> shift & 0xff);
    return *this;
  }

  const std::string& bytes() const { return bytes_; }

 private:
  void tag(std::uint64_t field, std::uint64_t kind) { varint(field << 3 | kind); }

  /// Seven bits a byte, the lowest first; the upper bit says that more follow.
  void varint(std::uint64_t value) {
    for (; value > 0x7f; value >>= 7) bytes_ += static_cast<char>(0x80 | (value & 0x7f));
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

}  // namespace ae::inline AE_ABI::detail

#include "ae/detail/io/protobuf.hpp"

#include <doctest/doctest.h>

using ae::detail::Message;

namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string all;
  for (const int value : values) all += static_cast<char>(value);
  return all;
}

}  // namespace

TEST_CASE("fields are those of the guide's examples") {
  CHECK(Message().number(1, 150).bytes() == bytes({0x08, 0x96, 0x01}));
  CHECK(Message().text(2, "testing").bytes() == bytes({0x12, 0x07}) + "testing");
  CHECK(Message().message(3, Message().number(1, 150)).bytes() ==
        bytes({0x1a, 0x03, 0x08, 0x96, 0x01}));
}

TEST_CASE("numbers of any size, floats, and fields from 16 on") {
  CHECK(Message().number(1, 0).bytes() == bytes({0x08, 0x00}));
  CHECK(Message().number(1, 127).bytes() == bytes({0x08, 0x7f}));
  CHECK(Message().number(1, 128).bytes() == bytes({0x08, 0x80, 0x01}));
  CHECK(Message().number(1, ~std::uint64_t{0}).bytes() ==
        bytes({0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}));
  CHECK(Message().real(2, 1.0f).bytes() == bytes({0x15, 0x00, 0x00, 0x80, 0x3f}));
  CHECK(Message().number(20, 1).bytes() == bytes({0xa0, 0x01, 0x01}));
  CHECK(Message().text(1, "").number(1, 2).bytes() == bytes({0x0a, 0x00, 0x08, 0x02}));
}

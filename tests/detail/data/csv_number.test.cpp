#include "ae/detail/data/csv_number.hpp"

#include <doctest/doctest.h>

#include <charconv>
#include <cmath>
#include <string>

using ae::detail::parse_double;
using ae::detail::csv::number;
using ae::detail::csv::short_number;

TEST_CASE("short numbers are the nearest doubles") {
  std::uint64_t state = 1;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    std::string text = std::to_string((state >> 20) % 1'000'000'000'000'000u);
    text.insert((state >> 8) % (text.size() + 1), ".");
    if (state & 1) text.insert(0, "-");
    CAPTURE(text);
    const auto found = short_number(text, '.');
    REQUIRE(found);
    CHECK(*found == *parse_double(text));
  }
  CHECK(std::signbit(*short_number("-0", '.')));
}

TEST_CASE("what is no short number is left to others") {
  for (const char* text : {"", "-", ".", "-.", "+1", "1e3", "1..2", "1 ", "0x1", "nan", "--1",
                           "1234567890123456", "0.0000000000000001"}) {
    CAPTURE(std::string(text));
    CHECK(!short_number(text, '.'));
  }
  CHECK(number("1234567890123456") == 1234567890123456.0);
  CHECK(number(" +0.0000000000000001\t") == 1e-16);
}

TEST_CASE("a decimal sign is one or the other") {
  CHECK(number("1,5", ',') == 1.5);
  CHECK(number("1,5e-20", ',') == 1.5e-20);
  CHECK(number("12345678901234567,5", ',') == 12345678901234567.5);
  for (const char* text : {"1.5", "1.5e3", "1.000,5", "1,000.5", "1,2,3e4"}) {
    CHECK(!number(text, ','));
  }
  CHECK(!number("1,5", '.'));
  CHECK(ae::detail::csv::is_number_otherwise("1,5", '.'));
  CHECK(ae::detail::csv::is_number_otherwise("1.5", ','));
  CHECK(!ae::detail::csv::is_number_otherwise("15", '.'));
  CHECK(!ae::detail::csv::is_number_otherwise("x", '.'));
}

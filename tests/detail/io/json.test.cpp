#include "ae/detail/io/json.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>

#include "support/expect.hpp"

using ae::detail::Json;
using ae::detail::json_text;
using ae::detail::parse_json;

namespace {

std::string again(std::string_view text) {
  return json_text(parse_json(text, "place"));
}

std::string refusal(std::string_view text) {
  return message_of<ae::FileError>([&] { parse_json(text, "place"); });
}

}  // namespace

TEST_CASE("values of every kind come back, keys sorted") {
  for (const char* text :
       {"null", "true", "false", "0", "18446744073709551615", "-1", "2.5", "1e+20", "\"\"", "[]",
        "{}", "[1,[2.0,\"x\"],{}]", R"({"a":[{}],"b":null})"}) {
    CHECK(again(text) == text);
  }
  CHECK(again(R"( {"b": 1, "a" : [ ] } )") == R"({"a":[],"b":1})");
  CHECK(again(R"("\u00e9\/")") == "\"\xC3\xA9/\"");
}

TEST_CASE("a member is found by its name") {
  const Json json = parse_json(R"({"one":1,"list":[2]})", "place");
  CHECK(json.find("one")->whole == 1);
  CHECK(json.find("list")->parts->items[0].number == 2);
  CHECK(json.find("two") == nullptr);
  CHECK(parse_json("[1]", "place").find("one") == nullptr);
}

TEST_CASE("what is no JSON, has a key twice or nests deep is refused") {
  for (const char* text : {"", "{", "[1,]", "nan", "1e999", "'a'", "{} {}", "\"\xFF\""}) {
    CHECK(says(refusal(text), "place: expected JSON, found \""));
  }
  CHECK(says(refusal(std::string_view("1\0", 2)), "place: expected JSON"));
  CHECK(says(refusal(R"({"a":1,"a":2})"), "place: expected the key \"a\" once, found it twice"));
  CHECK(again("[[[[[[[[]]]]]]]]") == "[[[[[[[[]]]]]]]]");
  CHECK(says(refusal("[[[[[[[[[]]]]]]]]]"), "place: expected JSON of at most 8 levels"));
}

TEST_CASE("texts are what another library writes, and it reads them") {
  for (const double number : {0.0, -0.0, 1.0, 100.0, 0.1, -2.5, 1e-4, 1.5e-5, 1e14, 1e15, 1.5e300,
                              5e-324, 1 / 3.0, double{0.1f}}) {
    CHECK(json_text(number) == nlohmann::json(number).dump());
  }
  CHECK(json_text(std::nan("")) == "null");
  for (const double number :
       {std::numeric_limits<double>::max(), std::numbers::pi, 1e22, 123456789.125}) {
    CHECK(nlohmann::json::parse(json_text(number)).get<double>() == number);
  }
  for (const std::string_view text :
       {std::string_view("a\"b\\c\n\t\b\f\r/"), std::string_view("\x01\x1f\x7f\0z", 5),
        std::string_view("\xC3\xA9 \xF0\x9F\x90\x8E")}) {
    CHECK(json_text(text) == nlohmann::json(text).dump());
  }
  CHECK(json_text(std::array{1.0, 2.5}) == "[1.0,2.5]");
  CHECK(json_text(std::array<std::uint64_t, 0>{}) == "[]");
}

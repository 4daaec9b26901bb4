#include "ae/detail/data/utf8.hpp"

#include <doctest/doctest.h>

using ae::detail::utf8_prefix;

TEST_CASE("the beginning that is UTF-8") {
  CHECK(utf8_prefix("") == 0);
  CHECK(utf8_prefix("abc") == 3);
  CHECK(utf8_prefix("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80") == 9);
  for (const char* bad :
       {"a\xe4", "a\xc3", "a\xc3(", "a\x80", "a\xc0\xaf", "a\xe0\x80\xaf", "a\xed\xa0\x80",
        "a\xf4\x90\x80\x80", "a\xf5\x80\x80\x80", "a\xe2\x82", "a\xf0\x8f\xbf\xbf"}) {
    CHECK(utf8_prefix(bad) == 1);
  }
}

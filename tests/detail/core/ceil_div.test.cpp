#include "ae/detail/core/ceil_div.hpp"

#include <doctest/doctest.h>

using ae::detail::ceil_div;

static_assert(ceil_div(12, 4) == 3);

TEST_CASE("a whole is covered by as many parts as fit, and one more for what is left over") {
  CHECK(ceil_div(0, 4) == 0);
  CHECK(ceil_div(1, 4) == 1);
  CHECK(ceil_div(4, 4) == 1);
  CHECK(ceil_div(5, 4) == 2);
  CHECK(ceil_div(7, 1) == 7);
}

#include "ae/detail/linalg/unroll.hpp"

#include <vector>

#include "support/expect.hpp"

TEST_CASE("every index comes once, in order, and is known at compile time") {
  std::vector<ae::Index> seen;
  ae::detail::unroll<4>([&](auto i) {
    static_assert(i() < 4);
    seen.push_back(i);
  });
  CHECK(seen == std::vector<ae::Index>{0, 1, 2, 3});
}

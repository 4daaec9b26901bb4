#include "ae/detail/tools/alarms_allowed.hpp"

#include "support/expect.hpp"

TEST_CASE("so many clean scores may lie at or above a threshold") {
  using ae::detail::alarms_allowed;
  CHECK(alarms_allowed(0.01, 98) == 0);
  CHECK(alarms_allowed(0.01, 99) == 1);
  CHECK(alarms_allowed(0.29, 99) == 29);  // 0.29 * 100 is a little less
  CHECK(alarms_allowed(0.5, 4) == 2);
}

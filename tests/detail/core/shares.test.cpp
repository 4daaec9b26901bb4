#include "ae/detail/core/shares.hpp"

#include "support/expect.hpp"

using ae::Index;

TEST_CASE("a thread takes its own share first, and then what is left") {
  ae::detail::Shares shares;
  shares.divide(3);
  std::vector<Index> taken;
  shares.take(1, [&](Index share) { taken.push_back(share); });
  CHECK(taken == std::vector<Index>{1, 2, 0});
  shares.take(0, [&](Index share) { taken.push_back(share); });
  CHECK(taken.size() == 3);
}

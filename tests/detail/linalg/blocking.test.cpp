#include "ae/detail/linalg/blocking.hpp"

#include "support/expect.hpp"

using ae::Index;

TEST_CASE_TEMPLATE("a panel is as high as a few packets", Scalar, float, double) {
  using B = ae::detail::Blocking<Scalar>;
  CHECK(B::MR == B::vectors * B::width);
  for (const Index packets : {0, 1, 3}) {
    CHECK(ae::detail::whole_packets<Scalar>(packets * B::width) == packets * B::width);
    CHECK(ae::detail::whole_packets<Scalar>(packets * B::width + 1) == (packets + 1) * B::width);
  }
}

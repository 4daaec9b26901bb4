#include "ae/detail/tools/detector_parts.hpp"

#include "support/expect.hpp"

using ae::Vector;

TEST_CASE("each feature is given the sum over its group") {
  const Vector<double> sums =
      ae::detail::sums_of_groups(Vector<double>{{1, 2, 4, 8}}, {0, 1, 1, 2});
  CHECK(sums == Vector<double>{{1, 6, 6, 8}});
}

TEST_CASE("samples without a value and shares outside their range are refused") {
  CHECK(says(message_of<ae::DataError>([] { ae::detail::require_some_value(false, 7); }),
             "found none in sample 7"));
  CHECK(says(message_of<ae::OptionError>([] { ae::detail::require_share(1); }), "found 1"));
}

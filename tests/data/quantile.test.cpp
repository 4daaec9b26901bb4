#include "ae/data/quantile.hpp"

#include <cmath>

#include "support/expect.hpp"

TEST_CASE("quantiles lie between their neighbours") {
  const std::vector<double> values{5, 1, 4, 2, 3};
  CHECK(ae::quantile(values, 0) == 1);
  CHECK(ae::quantile(values, 0.5) == 3);
  CHECK(ae::quantile(values, 0.9) == doctest::Approx(4.6));
  CHECK(ae::quantile(values, 1) == 5);
  for (const double level : {-0.1, 1.1, std::nan("")}) {
    CHECK(says(message_of<ae::OptionError>([&] { ae::quantile(values, level); }), "from 0 to 1",
               ae::detail::text(level)));
  }
  CHECK(says(message_of<ae::OptionError>([] { ae::quantile({}, 0.5); }), "at least one"));
}

TEST_CASE("a quantile of what is no number is refused, with its place") {
  const std::vector<double> values{1, std::nan(""), 2};
  CHECK(
      says(message_of<ae::DataError>([&] { ae::quantile(values, 0.5); }), "found nan as value 1"));
}

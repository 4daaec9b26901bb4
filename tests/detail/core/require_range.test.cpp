#include "ae/detail/core/require_range.hpp"

#include "support/expect.hpp"

using ae::OptionError;

TEST_CASE("what must be at least 0 may be 0, but neither less, nor infinite, nor no number") {
  for (const double value : {0.0, -0.0, 1e-300, 2.5}) {
    CHECK_NOTHROW(ae::detail::require_at_least_zero(value, "someone", "a decay"));
  }
  for (const double value : {-1e-300, HUGE_VAL, std::nan("")}) {
    CHECK(message_of<OptionError>([&] {
            ae::detail::require_at_least_zero(value, "someone", "a decay");
          }) == ae::detail::text("someone: expected a decay of at least 0, found ", value));
  }
}

TEST_CASE("what must be above 0 may be tiny, but neither 0, nor infinite, nor no number") {
  CHECK_NOTHROW(ae::detail::require_above_zero(1e-300, "someone", "an epsilon"));
  for (const double value : {0.0, -2.0, HUGE_VAL, std::nan("")}) {
    CHECK(message_of<OptionError>([&] {
            ae::detail::require_above_zero(value, "someone", "an epsilon");
          }) == ae::detail::text("someone: expected an epsilon above 0, found ", value));
  }
}

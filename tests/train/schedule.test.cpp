#include "ae/train/schedule.hpp"

#include <limits>

#include "support/expect.hpp"

using doctest::Approx;

TEST_CASE("a constant schedule leaves the rate as it is") {
  const ae::Schedule schedule = ae::constant();
  for (const double done : {0.0, 0.3, 1.0}) CHECK(schedule(done) == 1);
}

TEST_CASE("half a cosine falls from 1 over 1/2 to 0") {
  const ae::Schedule schedule = ae::cosine();
  CHECK(schedule(0) == 1);
  CHECK(schedule(0.25) == Approx((1 + std::sqrt(0.5)) / 2));
  CHECK(schedule(0.5) == Approx(0.5));
  CHECK(schedule(0.75) == Approx((1 - std::sqrt(0.5)) / 2));
  CHECK(schedule(1) == 0);
}

TEST_CASE("behind a warm-up the cosine takes what is left of the fit") {
  const ae::Schedule schedule = ae::cosine(0.2);
  CHECK(schedule(0) == 0);
  CHECK(schedule(0.05) == Approx(0.25));
  CHECK(schedule(0.1) == Approx(0.5));
  CHECK(schedule(0.2) == 1);
  CHECK(schedule(0.4) == Approx((1 + std::sqrt(0.5)) / 2));
  CHECK(schedule(0.6) == Approx(0.5));
  CHECK(schedule(1) == Approx(0));
}

TEST_CASE("a warm-up's end has no jump") {
  const ae::Schedule schedule = ae::cosine(0.3);
  CHECK(schedule(0.3 - 1e-9) == Approx(1));
  CHECK(schedule(0.3 + 1e-9) == Approx(1));
}

TEST_CASE("a warm-up outside [0, 1) is refused") {
  for (const double warmup : {-0.1, 1.0, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK(says(message_of<ae::OptionError>([&] { ae::cosine(warmup); }), "warm-up",
               "from 0 to below 1", ae::text("found ", warmup)));
  }
}

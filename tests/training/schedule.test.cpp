#include "ae/training/schedule.hpp"

#include "support/expect.hpp"

using doctest::Approx;

namespace {

double at(const ae::Schedule& schedule, double done) {
  return schedule({.done = done});
}

double in_epoch(const ae::Schedule& schedule, ae::Index epoch) {
  return schedule({.epoch = epoch, .epochs = 100});
}

/// After epochs of these losses.
double after(const ae::Schedule& schedule, const std::vector<double>& losses,
             const std::vector<double>& validation = {}) {
  ae::History history;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    history.push_back({.epoch = static_cast<ae::Index>(i),
                       .data_loss = losses[i],
                       .penalty = 0,
                       .learning_rate = 1,
                       .seconds = 0});
    if (!validation.empty()) history.back().validation = validation[i];
  }
  return schedule({.history = history});
}

}  // namespace

TEST_CASE("a constant schedule leaves the rate as it is") {
  for (const double done : {0.0, 0.3, 1.0}) CHECK(at(ae::constant(), done) == 1);
}

TEST_CASE("half a cosine falls from 1 over 1/2 to 0") {
  const ae::Schedule schedule = ae::cosine();
  CHECK(at(schedule, 0) == 1);
  CHECK(at(schedule, 0.25) == Approx((1 + std::sqrt(0.5)) / 2));
  CHECK(at(schedule, 0.5) == Approx(0.5));
  CHECK(at(schedule, 0.75) == Approx((1 - std::sqrt(0.5)) / 2));
  CHECK(at(schedule, 1) == 0);
}

TEST_CASE("behind a warm-up the cosine takes what is left of the fit") {
  const ae::Schedule schedule = ae::cosine(0.2);
  CHECK(at(schedule, 0) == 0);
  CHECK(at(schedule, 0.05) == Approx(0.25));
  CHECK(at(schedule, 0.1) == Approx(0.5));
  CHECK(at(schedule, 0.2) == 1);
  CHECK(at(schedule, 0.4) == Approx((1 + std::sqrt(0.5)) / 2));
  CHECK(at(schedule, 0.6) == Approx(0.5));
  CHECK(at(schedule, 1) == Approx(0));
}

TEST_CASE("a warm-up's end has no jump") {
  const ae::Schedule schedule = ae::cosine(0.3);
  CHECK(at(schedule, 0.3 - 1e-9) == Approx(1));
  CHECK(at(schedule, 0.3 + 1e-9) == Approx(1));
}

TEST_CASE("a warm-up outside [0, 1) is refused") {
  for (const double warmup : {-0.1, 1.0, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK(says(message_of<ae::OptionError>([&] { ae::cosine(warmup); }), "warm-up",
               "from 0 to below 1", ae::detail::text("found ", warmup)));
  }
}

TEST_CASE("steps go down every so many epochs") {
  const ae::Schedule schedule = ae::steps(30, 0.1);
  CHECK(in_epoch(schedule, 0) == 1);
  CHECK(in_epoch(schedule, 29) == 1);
  CHECK(in_epoch(schedule, 30) == Approx(0.1));
  CHECK(in_epoch(schedule, 89) == Approx(0.01));
  CHECK(says(message_of<ae::OptionError>([] { ae::steps(0); }), "epoch", "0"));
  CHECK(says(message_of<ae::OptionError>([] { ae::steps(1, 1.5); }), "factor", "1.5"));
}

TEST_CASE("an exponential goes down every epoch") {
  const ae::Schedule schedule = ae::exponential(0.9);
  CHECK(in_epoch(schedule, 0) == 1);
  CHECK(in_epoch(schedule, 1) == Approx(0.9));
  CHECK(in_epoch(schedule, 10) == Approx(0.34867844));
  CHECK(says(message_of<ae::OptionError>([] { ae::exponential(0); }), "factor", "0"));
}

TEST_CASE("a plateau lowers the rate, by the validation's loss where there is one") {
  const ae::Schedule schedule = ae::on_plateau(2, 0.5);
  CHECK(after(schedule, {}) == 1);
  CHECK(after(schedule, {3, 2, 1}) == 1);
  CHECK(after(schedule, {3, 2, 2}) == 1);
  CHECK(after(schedule, {3, 2, 2, 2}) == 0.5);
  CHECK(after(schedule, {3, 2, 2, 2, 1, 2}) == 0.5);
  CHECK(after(schedule, {3, 2, 2, 2, 2, 2}) == 0.25);
  CHECK(after(schedule, {4, 3, 2, 1}, {1, 2, 3, 4}) == 0.5);
  CHECK(says(message_of<ae::OptionError>([] { ae::on_plateau(0); }), "patience", "0"));
  CHECK(says(message_of<ae::OptionError>([] { ae::on_plateau(1, 1); }), "factor", "1"));
}

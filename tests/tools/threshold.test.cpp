#include "ae/tools/threshold.hpp"

#include <cmath>

#include "ae/core/random.hpp"
#include "support/expect.hpp"

using Values = std::vector<double>;

namespace {

Values ascending(int count) {
  Values values;
  for (int i = 1; i <= count; ++i) values.push_back(i);
  return values;
}

}  // namespace

TEST_CASE("a threshold for false alarms is the score of the right rank") {
  const auto found = ae::alarm_threshold(ascending(999), 0.01);
  CHECK(found.threshold == 990);  // the tenth from above
  CHECK(found.rate == doctest::Approx(0.01));
  CHECK(found.low == doctest::Approx(0.004810331195290225));  // scipy.stats.beta(10, 990)
  CHECK(found.high == doctest::Approx(0.01703274677025096));
  CHECK(ae::alarm_threshold(ascending(300), 0.05).rate == doctest::Approx(15.0 / 301));
  CHECK(ae::alarm_threshold(ascending(99), 0.29).threshold == 71);  // 0.29 * 100 < 29
  CHECK(ae::alarm_threshold(ascending(19), 0.05).threshold == 19);
  const auto sure = ae::alarm_threshold(ascending(999), 0.01, 0.999);
  CHECK(sure.low < found.low);
  CHECK(sure.high > found.high);
}

TEST_CASE("the true rate of false alarms is in the interval as often as it says") {
  constexpr int trials = 2000, count = 200;
  int inside = 0;
  double rates = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const ae::Random random(static_cast<std::uint64_t>(trial), ae::Purpose::draw);
    Values clean;
    for (std::uint64_t i = 0; i < count; ++i) clean.push_back(random.uniform(i));
    const auto found = ae::alarm_threshold(clean, 0.05, 0.8);
    const double rate = 1 - found.threshold;
    inside += rate >= found.low && rate <= found.high;
    rates += rate / trials;
  }
  CHECK(inside / double{trials} == doctest::Approx(0.8).epsilon(0.04));
  CHECK(rates == doctest::Approx(10.0 / 201).epsilon(0.02));
}

TEST_CASE("a known share of anomalies is above its threshold") {
  const Values scores = ascending(1000);
  for (const double share : {0.0, 0.03, 0.5}) {
    const double threshold = ae::contamination_threshold(scores, share);
    const auto above = std::count_if(scores.begin(), scores.end(),
                                     [&](double score) { return score > threshold; });
    CHECK(static_cast<double>(above) == doctest::Approx(1000 * share));
  }
}

TEST_CASE("thresholds of what cannot be are refused") {
  const Values clean = ascending(50);
  for (const double share : {0.0, 1.0, -0.5, std::nan("")}) {
    const std::string found = ae::detail::text("found ", share);
    CHECK(says(message_of<ae::OptionError>([&] { ae::alarm_threshold(clean, share); }),
               "a rate above 0 and below 1", found));
    CHECK(says(message_of<ae::OptionError>([&] { ae::alarm_threshold(clean, 0.1, share); }),
               "a confidence above 0 and below 1", found));
  }
  CHECK(says(message_of<ae::OptionError>([&] { ae::alarm_threshold(clean, 0.01); }),
             "at least 99 clean scores for a rate of 0.01, found 50"));
  CHECK(says(message_of<ae::OptionError>([] { ae::alarm_threshold({}, 0.01); }), "found 0"));
  for (const double share : {-0.1, 1.1, std::nan("")}) {
    CHECK(says(message_of<ae::OptionError>([&] { ae::contamination_threshold(clean, share); }),
               "a share from 0 to 1", ae::detail::text("found ", share)));
  }
  CHECK(says(message_of<ae::OptionError>([] { ae::contamination_threshold({}, 0.1); }),
             "at least one value"));
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    Values scores = clean;
    scores[7] = bad;
    CHECK(says(message_of<ae::DataError>([&] { ae::alarm_threshold(scores, 0.1); }),
               ae::detail::text("found ", bad, " as value 7")));
    CHECK(says(message_of<ae::DataError>([&] { ae::contamination_threshold(scores, 0.1); }),
               ae::detail::text("found ", bad, " as value 7")));
  }
}

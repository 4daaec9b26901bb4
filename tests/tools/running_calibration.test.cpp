#include "ae/tools/running_calibration.hpp"

#include <cmath>

#include "ae/core/random.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::RunningCalibration;
using ae::Vector;

namespace {

/// Scores as they are made of five squared errors.
Vector<double> scores(Index count, std::uint64_t seed) {
  const ae::Random random(seed, ae::Purpose::draw);
  std::uint64_t index = 0;
  return Vector<double>::NullaryExpr(count, [&](Index) {
    double sum = 0;
    for (int i = 0; i < 5; ++i) sum += std::pow(random.normal(index++), 2) / 5;
    return sum;
  });
}

/// The share of anomalies among the last third of a stream.
double late_alarms(RunningCalibration& running, const Vector<double>& stream) {
  Index alarms = 0;
  const Index late = stream.size() / 3;
  for (Index i = 0; i < stream.size(); ++i) {
    alarms += running.observe(stream[i]) && i >= stream.size() - late;
  }
  return static_cast<double>(alarms) / static_cast<double>(late);
}

}  // namespace

TEST_CASE("before anything is observed, threshold and p-values are those of the clean scores") {
  std::vector<double> clean;
  for (int i = 99; i > 0; --i) clean.push_back(i);
  const RunningCalibration running(clean, {.false_alarms = 0.05});
  CHECK(running.threshold() == 95);
  CHECK(running.p_value(95) == 0.06);
  CHECK(running.p_value(95.5) == 0.05);
  CHECK(running.p_value(0) == 1);
  CHECK(running.p_value(1000) == 0.01);
  CHECK(running.clean_scores() == Vector<double>::LinSpaced(99, 1, 99));
  CHECK(RunningCalibration(Vector<double>::LinSpaced(99, 1, 99).eval()).threshold() == 99);
}

TEST_CASE("the clean scores move and stretch with the quartiles of those that are no anomalies") {
  const Vector<double> clean = Vector<double>::LinSpaced(101, 0, 100);
  RunningCalibration running(clean, {.false_alarms = 0.5, .memory = 21});
  REQUIRE(running.threshold() == 50);
  // Of 0 to 50, 21 were kept: 0, 2, 4, ..., 48, with quartiles at 12 and 36.
  CHECK(running.observe(50.5));
  CHECK(running.threshold() == 50);
  for (int i = 0; i < 21; ++i) CHECK(!running.observe(10 + i * 8 % 21));  // quartiles: 15, 25
  CHECK(running.threshold() == doctest::Approx(15 + (50 - 12) * 10 / 24.0));
  CHECK(running.clean_scores()[12] == doctest::Approx(15));
  CHECK(running.clean_scores()[36] == doctest::Approx(25));
  CHECK(running.p_value(15) == doctest::Approx((101 - 12 + 1) / 102.0));
}

TEST_CASE("where scores do not drift, false alarms stay at the wanted share") {
  const Vector<double> clean = scores(4000, 1);
  RunningCalibration running(clean, {.false_alarms = 0.01});
  const double found = late_alarms(running, scores(40'000, 2));
  CAPTURE(found);
  CHECK((found > 0.006 && found < 0.014));
}

TEST_CASE("where scores drift slowly, false alarms stay near the wanted share, and rise without") {
  const Vector<double> clean = scores(4000, 1), still = scores(40'000, 3);
  const Vector<double> wear = Vector<double>::LinSpaced(still.size(), 1, 3);
  const Vector<double> improvement = Vector<double>::LinSpaced(still.size(), 1, 0.2);
  const Vector<double> stretched = still.cwiseProduct(wear), moved = still + 5 * wear,
                       shrunk = still.cwiseProduct(improvement);
  for (const auto* stream : {&stretched, &moved, &shrunk}) {
    RunningCalibration running(clean, {.false_alarms = 0.01});
    RunningCalibration of_moved((clean.array() + 5).matrix().eval(), {.false_alarms = 0.01});
    auto& calibration = stream == &moved ? of_moved : running;
    const double fixed = calibration.threshold();
    const double found = late_alarms(calibration, *stream);
    CAPTURE(found);
    CHECK((found > 0.005 && found < 0.018));
    const double without = (stream->tail(13'000).array() > fixed).cast<double>().mean();
    CHECK((stream == &shrunk ? without == 0 : without > 0.3));
  }
}

TEST_CASE("anomalies change nothing, however many come, and a jump is not followed") {
  RunningCalibration running(scores(1000, 1));
  const double before = running.threshold();
  for (int i = 0; i < 5000; ++i) CHECK(running.observe(before + 1 + i));
  CHECK(running.observe(HUGE_VAL));
  CHECK(running.threshold() == before);
}

TEST_CASE("p-values are even where scores drift, and at most the share above the threshold") {
  RunningCalibration running(scores(4000, 1), {.false_alarms = 0.05});
  const Vector<double> stream =
      scores(20'000, 4).cwiseProduct(Vector<double>::LinSpaced(20'000, 1, 4));
  double sum = 0;
  for (const double score : stream) {
    const double p = running.p_value(score);
    sum += p;
    const bool is_above = score > running.threshold();
    if ((p <= 0.05) != is_above || running.observe(score) != is_above) FAIL("at score " << score);
  }
  CHECK(std::abs(sum / 20'000 - 0.5) < 0.04);
}

TEST_CASE("a calibration goes on from the clean scores as they are now") {
  RunningCalibration running(scores(1000, 1));
  for (const double score : (scores(5000, 2) * 1.2).eval()) running.observe(score);
  const RunningCalibration next(running.clean_scores());
  CHECK(next.threshold() == running.threshold());
  CHECK(next.p_value(2) == running.p_value(2));
}

TEST_CASE("scores without a width keep the one that was") {
  RunningCalibration running(scores(1000, 1), {.memory = 100});
  for (int i = 0; i < 200; ++i) CHECK(!running.observe(1.5));
  CHECK(std::isfinite(running.threshold()));
  CHECK(running.threshold() > 1.5);
  RunningCalibration constant(Vector<double>::Constant(200, 3).eval());
  CHECK(constant.threshold() == 3);
  CHECK(!constant.observe(2));
  CHECK(constant.observe(3.5));
}

TEST_CASE("options and scores that cannot be are refused") {
  const Vector<double> clean = scores(200, 1);
  for (const double bad : {0.0, 1.0, -0.1, std::nan("")}) {
    CHECK(
        says(message_of<ae::OptionError>([&] { RunningCalibration(clean, {.false_alarms = bad}); }),
             "share of false alarms", ae::detail::text("found ", bad)));
  }
  for (const Index bad : {19, 0, -5}) {
    CHECK(says(message_of<ae::OptionError>([&] { RunningCalibration(clean, {.memory = bad}); }),
               "at least 20", ae::detail::text("found ", bad)));
  }
  CHECK(says(message_of<ae::DataError>([&] { RunningCalibration(clean.head(98).eval()); }),
             "at least 99 clean scores", "0.01", "found 98"));
  CHECK(says(message_of<ae::DataError>([] { RunningCalibration(std::vector<double>{}); }),
             "found 0"));
  RunningCalibration running(clean);
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    Vector<double> some = clean;
    some[7] = bad;
    CHECK(says(message_of<ae::DataError>([&] { RunningCalibration{some}; }), "finite clean scores",
               "as score 7"));
    if (bad > 0) continue;
    CHECK(says(message_of<ae::DataError>([&] { running.observe(bad); }), "expected a score"));
  }
  CHECK(says(message_of<ae::DataError>([&] { running.p_value(std::nan("")); }), "found nan"));
}

#include "ae/tools/detector.hpp"

#include <cmath>

#include "ae/data/windows.hpp"
#include "ae/detail/io/schema_json.hpp"
#include "ae/tools/anomaly.hpp"
#include "support/expect.hpp"
#include "support/files.hpp"

using ae::Detector;
using ae::Index;
using ae::Matrix;

namespace {

constexpr Index features = 6;

/// Values of two hidden causes, each feature in units of its own, far from zero.
Matrix<double> normal(Index samples, std::uint64_t seed) {
  const ae::Random random(seed, ae::Purpose::draw);
  std::uint64_t index = 0;
  Matrix<double> x(features, samples);
  for (auto column : x.colwise()) {
    const double a = random.normal(index++), b = random.normal(index++);
    const double causes[features] = {a, b, a + b, a - b, 2 * a - b, a * b};
    for (Index i = 0; i < features; ++i) {
      const double unit = std::pow(10.0, static_cast<double>(i) - 3);
      column[i] = unit * (causes[i] + 0.1 * random.normal(index++)) + 1e5 * unit;
    }
  }
  return x;
}

/// The same where one feature is another sample's.
Matrix<double> odd(Index samples, Index feature) {
  Matrix<double> x = normal(samples, 8);
  x.row(feature) = normal(samples, 9).row(feature);
  return x;
}

const Detector& trained() {
  static const Detector detector = Detector::fit(normal(1500, 1), {.false_alarms = 0.05});
  return detector;
}

double area(const Detector& detector, const Matrix<double>& clean, const Matrix<double>& bad) {
  return ae::area_under_curve(detector.score(clean), detector.score(bad));
}

}  // namespace

TEST_CASE("a detector tells values that do not fit the others, in any units") {
  for (const Index feature : {0, 2, 4}) {
    CAPTURE(feature);
    CHECK(area(trained(), normal(500, 2), odd(500, feature)) > 0.85);
    const Matrix<double> shares = trained().explain(odd(500, feature)).shares;
    CHECK(shares.colwise().sum().isOnes(1e-9));
    Index most = 0;
    shares.rowwise().mean().maxCoeff(&most);
    CHECK(most == feature);
  }
}

TEST_CASE("false alarms and p-values are what they say") {
  const Matrix<double> fresh = normal(4000, 3);
  const double alarms = trained().anomalies(fresh).cast<double>().mean();
  CHECK(alarms == doctest::Approx(0.05).epsilon(0.6));  // 300 held out: 0.05 +- 0.0126
  const ae::Vector<double> p = trained().p_values(fresh);
  CHECK(p.minCoeff() > 0);
  CHECK(p.maxCoeff() <= 1);
  CHECK(p.mean() == doctest::Approx(0.5).epsilon(0.1));
  CHECK(((p.array() <= 0.05) == trained().anomalies(fresh)).all());
}

TEST_CASE("what was expected is in the units of the data") {
  const Matrix<double> x = normal(300, 4);
  const Matrix<double> expected = trained().explain(x).expected;
  for (Index i = 0; i < 3; ++i) {  // what two others tell
    const double spread = std::sqrt((x.row(i).array() - x.row(i).mean()).square().mean());
    CHECK((expected - x).row(i).cwiseAbs().mean() < 0.4 * spread);
  }
}

TEST_CASE("a detector comes back with all that it has") {
  const TemporaryFolder folder;
  trained().save(folder / "detector");
  const Detector loaded = Detector::load(folder / "detector");
  const Matrix<double> x = odd(300, 1);
  CHECK(loaded.score(x) == trained().score(x));
  CHECK(loaded.p_values(x) == trained().p_values(x));
  CHECK(loaded.threshold() == trained().threshold());
  CHECK(!loaded.model().threshold());  // it would be for another score
  CHECK(loaded.explain(x).expected == trained().explain(x).expected);

  ae::save(trained().model(), folder / "model");
  CHECK(says(message_of<ae::FileError>([&] { Detector::load(folder / "model"); }),
             "expected a detector's file", "ae::load"));
  auto file = ae::read_safetensors(folder / "detector");
  const auto refuses = [&](auto&&... pieces) {
    ae::write_safetensors(file, folder / "other");
    return says(message_of<ae::FileError>([&] { Detector::load(folder / "other"); }), pieces...);
  };
  const auto good = file;
  file.tensors["detector.spreads"] = ae::to_tensor(Matrix<double>::Zero(6, 1).eval());
  CHECK(refuses("spreads and deviations above 0"));
  file.tensors["detector.spreads"] = ae::to_tensor(Matrix<double>::Ones(5, 1).eval());
  CHECK(refuses("detector.spreads", "expected 6 rows, found 5"));
  file = good;
  file.tensors["detector.divisors"] = ae::to_tensor(Matrix<double>::Zero(6, 1).eval());
  CHECK(refuses("detector.divisors", "numbers above 0"));
  file = good;
  file.tensors["detector.more"] = file.tensors["detector.spreads"];
  CHECK(refuses("no tensors but a detector's", "detector.more"));
  file = good;
  file.tensors.erase("detector.normal");
  CHECK(refuses("detector.normal"));
  file = good;
  file.metadata.erase("ae.threshold");
  CHECK(refuses("a threshold"));
}

namespace {

/// A motor that warms up where it runs, and a few that are labelled as faulty.
std::string motors(int rows, std::uint64_t seed, bool labels = true) {
  const ae::Random random(seed, ae::Purpose::draw);
  std::uint64_t index = 0;
  std::string text = labels ? "load,mode,heat,state\n" : "heat,mode,load\n";
  for (int i = 0; i < rows; ++i) {
    const double load = random.uniform(index++);
    const bool fault = labels && i % 10 == 0;
    const char* const mode = fault ? "stuck" : load > 0.66 ? "fast" : load > 0.33 ? "slow" : "idle";
    const double heat = 20 + 40 * load + random.normal(index++);
    text += labels ? ae::detail::text(load, ',', mode, ',', heat, ',', fault ? 1 : 0, '\n')
                   : ae::detail::text(heat, ',', mode, ',', load, '\n');
  }
  return text;
}

ae::Table table_of(const std::string& text, const ae::Schema& schema) {
  return ae::Table::read(ae::TextFile::of(text), schema);
}

}  // namespace

TEST_CASE("a detector takes tables, and explains columns") {
  const auto training = ae::TextFile::of(motors(1000, 1));
  const ae::Schema schema = ae::Schema::learn(training, {.label = "state"});
  const ae::Table table = ae::Table::read(training, schema);
  const Detector detector = Detector::fit(table, {.false_alarms = 0.05});
  REQUIRE(detector.schema() == schema);
  CHECK(detector.anomalies(table_of(motors(500, 2, false), schema)).cast<double>().mean() < 0.12);
  CHECK(detector.anomalies(table).cast<Index>().sum() >= 100);  // the faults were not learnt

  // The mode does not fit load and heat, a mode that is new, a heat that is missing, one too high.
  const ae::Table odd =
      table_of("mode,load,heat\nidle,.9,56\nburning,.9,56\nfast,.9,NA\nfast,.9,20\n", schema);
  CHECK((detector.p_values(odd).array() < 0.05).cast<int>().matrix() ==
        Eigen::Vector4i{1, 1, 0, 1});
  CHECK(detector.score(odd).allFinite());
  const ae::TableExplanation why = detector.explain(odd);
  CHECK(why.columns == std::vector<std::string>{"load", "mode", "heat"});
  CHECK(why.shares.rows() == 3);
  CHECK(why.shares.colwise().sum().isOnes(1e-9));
  Index most = 0;
  why.shares.col(1).maxCoeff(&most);
  CHECK(most == 1);
  CHECK(why.shares(2, 2) == 0);
  CHECK(schema.value_text(why.expected.col(0), 1) == "fast");

  const TemporaryFolder folder;
  detector.save(folder / "detector");
  const Detector loaded = Detector::load(folder / "detector");
  REQUIRE(loaded.schema() == schema);
  CHECK(loaded.score(odd) == detector.score(odd));
  CHECK(loaded.explain(odd).shares == why.shares);
  auto file = ae::read_safetensors(folder / "detector");
  file.metadata["ae.schema"] = ae::detail::json_text(ae::Schema({{"a"}}, true, {}));
  ae::write_safetensors(file, folder / "other");
  CHECK(says(message_of<ae::FileError>([&] { Detector::load(folder / "other"); }), "ae.schema",
             "7 features, found 1"));
}

TEST_CASE("tables of another schema are refused") {
  const ae::Table other = table_of("a\n1\n", ae::Schema({{"a"}}, true, {}));
  CHECK(says(message_of<ae::OptionError>([&] { trained().score(other); }), "fitted to one"));
  CHECK(!trained().schema());
  const ae::Table few = table_of("a\n1\n2\n", other.schema);
  CHECK(says(message_of<ae::ShapeError>([&] { Detector::fit(few); }), "at least 10"));
  const ae::Table hole = table_of("a\n1\n\n?\n", other.schema);
  CHECK(says(message_of<ae::DataError>([&] { Detector::fit(hole); }), "none in line 4"));
}

TEST_CASE("the network's score alone has no neighbors to keep") {
  const Detector detector = Detector::fit(normal(300, 1), {.neighbors = 0});
  CHECK(area(detector, normal(300, 2), odd(300, 2)) > 0.8);
  const TemporaryFolder folder;
  detector.save(folder / "detector");
  CHECK(Detector::load(folder / "detector").score(odd(9, 2)) == detector.score(odd(9, 2)));
}

TEST_CASE("a source is learnt and scored as its matrix is") {
  const Matrix<double> x = normal(300, 1);
  const ae::Windows windows(x.row(1), {.length = 6});
  const Detector detector = Detector::fit(windows);
  const ae::Vector<double> scores = detector.score(windows);
  CHECK(scores.size() == 295);
  CHECK(scores.isApprox(detector.score(windows.matrix()), 1e-12));
  CHECK(detector.p_values(windows) == detector.p_values(windows.matrix()));
  CHECK((detector.anomalies(windows) == detector.anomalies(windows.matrix())).all());
  CHECK(detector.clean_scores().size() == 59);
  CHECK(detector.anomalies(windows).count() < 30);
  CHECK(windows.moment_means(scores).size() == 300);

  Matrix<double> bad = x;
  bad(1, 290) = std::nan("");
  const ae::Windows others(bad.row(1), {.length = 6});
  CHECK(says(message_of<ae::DataError>([&] { detector.score(others); }), "found nan in sample 285",
             "feature 5"));
  CHECK(says(message_of<ae::DataError>([&] { Detector::fit(others); }), "found nan in sample 285",
             "feature 5"));
  const ae::Windows wider(x.row(1), {.length = 7});
  CHECK(says(message_of<ae::ShapeError>([&] { detector.score(wider); }), "6 values"));
  CHECK(says(
      message_of<ae::ShapeError>([&] { Detector::fit(ae::Windows(x.row(1), {.length = 292})); }),
      "292 x 9"));
}

TEST_CASE("a detector takes other clean scores") {
  Detector detector = trained();
  ae::Vector<double> scores = ae::Vector<double>::LinSpaced(99, 99, 1);
  detector.recalibrate(scores, 0.05);
  CHECK(detector.threshold() == 95);
  CHECK(detector.clean_scores() == ae::Vector<double>::LinSpaced(99, 1, 99));
  CHECK(detector.p_values(normal(5, 1)).isOnes(1e-15));
  for (const double bad : {0.0, 1.0, std::nan("")}) {
    CHECK(says(message_of<ae::OptionError>([&] { detector.recalibrate(scores, bad); }),
               "share of false alarms", ae::detail::text("found ", bad)));
  }
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    scores[3] = bad;
    CHECK(says(message_of<ae::DataError>([&] { detector.recalibrate(scores); }), "as score 3"));
  }
  CHECK(says(message_of<ae::ShapeError>([&] { detector.recalibrate({}); }), "found none"));
  CHECK(detector.threshold() == 95);
  CHECK(!detector.model().threshold());
  CHECK(says(message_of<ae::OptionError>([&] { detector.set_threshold(std::nan("")); }),
             "expected a finite threshold, found nan"));
  detector.set_threshold(7);
  CHECK(detector.threshold() == 7);
}

TEST_CASE("features that are masked with others are predicted from the rest") {
  const auto twice = [](const Matrix<double>& x) {
    Matrix<double> all(2 * features, x.cols());
    all << x, normal(x.cols(), 5).cwiseAbs();
    return all;
  };
  const Detector detector = Detector::fit(twice(normal(1500, 1)));
  CHECK(area(detector, twice(normal(500, 2)), twice(odd(500, 2))) > 0.8);
  const TemporaryFolder folder;
  detector.save(folder / "detector");
  const Matrix<double> x = twice(odd(50, 2));
  CHECK(Detector::load(folder / "detector").score(x) == detector.score(x));
  auto file = ae::read_safetensors(folder / "detector");
  file.tensors["detector.masks"] = ae::to_tensor(Matrix<double>::Constant(1, 1, 32).eval());
  ae::write_safetensors(file, folder / "other");
  CHECK(says(message_of<ae::FileError>([&] { Detector::load(folder / "other"); }), "detector.masks",
             "expected 8, found 32"));
}

TEST_CASE("missing values count for nothing, where they are allowed") {
  const double nan = std::nan("");
  Matrix<double> x = normal(400, 1), bad = odd(300, 2);
  for (Index j = 0; j < x.cols(); ++j) x(j % features, j) = nan;
  const Detector detector = Detector::fit(x, {.missing = ae::Missing::allowed});
  CHECK(area(detector, normal(300, 2), bad) > 0.75);
  bad.row(2).setConstant(nan);  // what was odd is gone
  CHECK(area(detector, normal(300, 2), bad) < 0.7);
  CHECK(detector.explain(bad).shares.row(2).isZero(0));
  bad.col(7).setConstant(nan);
  CHECK(says(message_of<ae::DataError>([&] { detector.score(bad); }),
             "at least one value, found none in sample 7"));
}

TEST_CASE("a value that departs from a constant is odd") {
  Matrix<double> x = normal(300, 1);
  x.row(3).setConstant(7);
  const Detector detector = Detector::fit(x);
  Matrix<double> other = normal(50, 2);
  other.row(3).setConstant(7);
  const Matrix<double> same = other;
  other.row(3).setConstant(7.5);
  CHECK(area(detector, same, other) > 0.99);
}

TEST_CASE("what cannot be learnt from is refused, and says why") {
  CHECK(says(message_of<ae::ShapeError>([] { Detector::fit(normal(9, 1)); }), "at least 10",
             "6 x 9"));
  for (const double share : {0.0, 1.0, -0.5, std::nan("")}) {
    CHECK(says(
        message_of<ae::OptionError>([&] { Detector::fit(normal(20, 1), {.false_alarms = share}); }),
        "share of false alarms", ae::detail::text("found ", share)));
  }
  CHECK(says(message_of<ae::OptionError>([] { Detector::fit(normal(20, 1), {.neighbors = 10}); }),
             "from 0 to 9 neighbors, found 10"));
  for (const double value : {std::nan(""), HUGE_VAL}) {
    Matrix<double> x = normal(20, 1);
    x(1, 2) = value;
    CHECK(says(message_of<ae::DataError>([&] { Detector::fit(x); }), "expected finite values",
               "in sample 2, feature 1"));
    CHECK(says(message_of<ae::DataError>([&] { trained().score(x); }), "in sample 2, feature 1"));
  }
  CHECK(says(message_of<ae::ShapeError>([] { trained().score(Matrix<double>(5, 2)); }), "6 values",
             "5 x 2"));
}

TEST_CASE("a large offset hides nothing") {
  const Matrix<double> x = normal(300, 1).array() + 1.6e9;
  const Detector detector = Detector::fit(x);
  Matrix<double> samples = x.leftCols(3);
  samples(3, 2) += 40;
  const ae::Vector<double> p = detector.p_values(samples);
  CHECK(p[2] < 0.02);
  CHECK(p[0] > 0.02);
  const ae::Explanation why = detector.explain(samples);
  CHECK(std::abs(why.expected(3, 0) - samples(3, 0)) < 5);
  Index most = 0;
  why.shares.col(2).maxCoeff(&most);
  CHECK(most == 3);

  const TemporaryFolder folder;
  detector.save(folder / "detector");
  CHECK(Detector::load(folder / "detector").score(samples) == detector.score(samples));
}

TEST_CASE("what is wrong with a sample is said by its place in what was given") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const ae::DetectorOptions options{.missing = ae::Missing::allowed};
  Matrix<double> x = normal(60, 1);
  x.col(41).setConstant(nan);
  CHECK(says(message_of<ae::DataError>([&] { Detector::fit(x, options); }),
             "found none in sample 41"));
  x.col(41) = x.col(40);
  // Of a feature that is there once only, nothing may be among those held out.
  x.row(2).setConstant(nan);
  x(2, 7) = 1e4;
  const Detector detector = Detector::fit(x, options);
  Matrix<double> samples = x.leftCols(2);
  samples(2, 0) = 1e4;
  CHECK(detector.score(samples).maxCoeff() < 1000);
  samples.col(1).setConstant(nan);
  CHECK(says(message_of<ae::DataError>([&] { detector.explain(samples); }),
             "found none in sample 1"));
  CHECK(says(message_of<ae::DataError>([&] {
               detector.p_values_of(ae::Vector<double>{{0, nan}});
             }),
             "found nan as score 1"));
}

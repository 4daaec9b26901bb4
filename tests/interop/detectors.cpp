#include <iostream>

#include "ae/core/random.hpp"
#include "ae/data/npy.hpp"
#include "ae/io/onnx.hpp"
#include "ae/tools/anomaly.hpp"
#include "ae/tools/detector.hpp"

// detectors FOLDER: writes detectors, one of a table and one of a matrix, each beside samples and
// what it says of them, for others to hold what they make of its file against.

namespace {

namespace fs = std::filesystem;
using ae::Index;
using ae::Matrix;

/// A motor that warms up where it runs, in a mode that follows the load. Among the new readings are
/// a mode that was never seen, values that are missing, and values that are far off.
std::string motors(Index rows, std::uint64_t seed, bool is_new) {
  const ae::Random random(seed, ae::Purpose::draw);
  std::uint64_t index = 0;
  std::string all = is_new ? "heat,mode,machine,load,flow,hum,current\n"
                           : "machine,time,load,mode,heat,flow,hum,current,state\n";
  for (Index i = 0; i < rows; ++i) {
    const double load = random.uniform(index++);
    const double heat = 20 + 40 * load + 4 * random.normal(index++);
    const double flow = 20 + 3 * load + 0.5 * random.normal(index++);
    const double hum = random.normal(index++), current = load + 0.5 * random.normal(index++);
    const std::string more = ae::detail::text(',', hum, ',', current);
    std::string mode = load > 0.66 ? "fast" : load > 0.33 ? "\"slow, steady\"" : "idle";
    std::string heats = ae::detail::text(heat), flows = ae::detail::text(flow);
    if (i % 7 == 3) flows = i % 2 == 0 ? "" : "NA";
    if (is_new && i % 10 == 1) mode = "burning";
    if (is_new && i % 10 == 2) mode = "?";
    if (is_new && i % 10 == 4) heats = i % 20 == 4 ? "120" : "2e3";
    const std::string loads = ae::detail::text(load);
    if (is_new) {
      all += heats + ',' + mode + ",7," + loads + ',' + flows + more + '\n';
    } else {
      const bool fault = i % 50 == 0;
      all += "7,2026-11-28," + loads + ',' + mode + ',' + (fault ? "120" : heats) + ',' + flows +
             more + (fault ? ",fault\n" : ",ok\n");
    }
  }
  return all;
}

/// More features than are masked at once, far from zero and of all sizes.
Matrix<double> series(Index samples, std::uint64_t seed) {
  constexpr Index features = 70;
  const ae::Random random(seed, ae::Purpose::draw);
  std::uint64_t index = 0;
  Matrix<double> x(features, samples);
  for (auto column : x.colwise()) {
    const double a = random.normal(index++), b = random.normal(index++);
    for (Index i = 0; i < features; ++i) {
      const double at = static_cast<double>(i), unit = std::pow(10.0, std::fmod(at, 7) - 3);
      column[i] =
          unit * (1000 + a * std::sin(at) + b * std::cos(at) + 0.3 * random.normal(index++));
    }
  }
  return x;
}

void write(const ae::Detector& detector, const Matrix<double>& x, const fs::path& path) {
  const auto file = [&](const char* ending) { return fs::path(path).concat(ending); };
  const ae::Explanation why = detector.explain(x);
  detector.save(file(".safetensors"));
  ae::npy::write(x, file(".input.npy"));
  ae::npy::write(detector.score(x), file(".score.npy"));
  ae::npy::write(detector.p_values(x), file(".p_value.npy"));
  ae::npy::write(why.expected, file(".expected.npy"));
  ae::npy::write(why.shares, file(".shares.npy"));
  // Its network as a plain model.
  const Matrix<float> narrow = x.cast<float>();
  ae::export_onnx(detector.model(), file(".onnx"));
  ae::npy::write(detector.model().reconstruct(narrow), file(".reconstruction.npy"));
  ae::npy::write(ae::score(detector.model(), narrow), file(".plain_score.npy"));
}

void write_all(const fs::path& folder) {
  ae::write_file(motors(1200, 1, false), folder / "normal.csv");
  ae::write_file(motors(200, 2, true), folder / "motors.csv");
  const auto detector = ae::Detector::fit(
      ae::Table::read(folder / "normal.csv", {.label = "state", .ignored = {"machine"}}));
  const auto table = ae::Table::read(folder / "motors.csv", *detector.schema());
  write(detector, table.values, folder / "motors");
  write(ae::Detector::fit(series(600, 1), {.neighbors = 0}), series(50, 2), folder / "series");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: detectors FOLDER\n";
    return 2;
  }
  try {
    fs::create_directories(argv[1]);
    write_all(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}

// Trains a Detector on one array and scores another: detect_arrays TRAIN.npy TEST.npy SCORES.npy
// NEIGHBORS SEED. Prints the seconds of training and the microseconds a row of scoring.
#include <chrono>
#include <iostream>
#include <string>

#include "ae/data/npy.hpp"
#include "ae/tools/detector.hpp"

namespace {

double seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: detect_arrays TRAIN.npy TEST.npy SCORES.npy NEIGHBORS SEED\n";
    return 2;
  }
  try {
    const auto train = ae::npy::read(argv[1]).matrix<double>();
    const auto test = ae::npy::read(argv[2]).matrix<double>();
    const double start = seconds();
    const auto detector =
        ae::Detector::fit(train, {.neighbors = std::stol(argv[4]), .seed = std::stoull(argv[5])});
    const double trained = seconds();
    const ae::Vector<double> scores = detector.score(test);
    const double scored = seconds();
    ae::npy::write(scores, argv[3]);
    std::cout << trained - start << ' '
              << 1e6 * (scored - trained) / static_cast<double>(test.cols()) << '\n';
  } catch (const std::exception& error) {
    std::cerr << "detect_arrays: " << error.what() << '\n';
    return 1;
  }
}

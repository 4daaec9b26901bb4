// Uses models that are headers, as a program without ae and Eigen does, and holds what they give
// against what the models gave. user FOLDER: where models.cpp has written both. Compiled for ae's
// processor (SAME_PROCESSOR) the sums must be ae's to the last bit; compiled for any, they are
// rounded once more at each step.
#include <cstdlib>

#include "finer.hpp"
#include "half.hpp"
#include "hidden_elu.hpp"
#include "hidden_gelu.hpp"
#include "hidden_identity.hpp"
#include "hidden_leaky_relu.hpp"
#include "hidden_relu.hpp"
#include "hidden_selu.hpp"
#include "hidden_sigmoid.hpp"
#include "hidden_silu.hpp"
#include "hidden_softplus.hpp"
#include "hidden_tanh.hpp"
#include "logits.hpp"
#include "missing.hpp"
#include "other.hpp"
#include "per_feature.hpp"
#include "variational.hpp"

// Below, so that the headers have to bring what they need.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <type_traits>
#include <vector>

#include "support/sanitized.hpp"

static_assert(std::is_same_v<half::Scalar, float> && std::is_same_v<finer::Scalar, double>);
static_assert(half::features == 20 && half::code_size == 5);
static_assert(second::code_size == 5);

#if defined(__GLIBC__) && !defined(AE_SANITIZED)
extern "C" void* __libc_malloc(std::size_t);
namespace {
volatile long allocations = 0;  // or a compiler that knows malloc takes it for unchanged
}
extern "C" void* malloc(std::size_t size) {  // operator new calls it too
  allocations = allocations + 1;
  return __libc_malloc(size);
}
#else
namespace {
volatile long allocations = 0;  // or a compiler that knows malloc takes it for unchanged
}
#endif

namespace {

std::string folder;
bool failed = false;

/// The 1,000 samples of an array, one behind the other.
template <class Scalar>
std::vector<Scalar> read(const std::string& name, std::size_t features) {
  std::ifstream file(folder + '/' + name + ".npy", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  std::vector<Scalar> values(1000 * features);
  const std::size_t size = values.size() * sizeof(Scalar);
  if (bytes.size() < size) return {};
  bytes.copy(reinterpret_cast<char*>(values.data()), size, bytes.size() - size);
  return values;
}

void expect(bool condition, const std::string& what) {
  if (condition) return;
  std::printf("FAILED: %s\n", what.c_str());
  failed = true;
}

/// A function of the header on all samples, which may be wrong by so many units in the last place
/// of the largest value.
template <class Scalar, class Function>
void check(const std::string& what, double ulps, const std::vector<Scalar>& x,
           const std::vector<Scalar>& expected, Function f) {
  if (x.empty() || expected.empty()) return expect(false, what + ": no samples");
  const std::size_t inputs = x.size() / 1000, outputs = expected.size() / 1000;
  std::vector<Scalar> y(expected.size());
  const long before = allocations;
  for (std::size_t i = 0; i < 1000; ++i) f(&x[i * inputs], &y[i * outputs]);
  const bool allocated = allocations != before;
  expect(!allocated, what + ": expected no allocation");
  Scalar worst = 0, largest = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const Scalar error = std::abs(y[i] - expected[i]);
    worst = error <= worst ? worst : error;  // so that a NaN stays
    largest = std::max(largest, std::abs(expected[i]));
  }
  const double found = worst / (std::nextafter(largest, 2 * largest) - largest);
  std::printf("%-28s %4.2f of %.0f ulp\n", what.c_str(), found, ulps);
  expect(found <= ulps, what);
}

/// `ulps` is what the activation may add at each layer.
template <class Scalar, class Encode, class Decode, class Reconstruct>
void check_model(const std::string& name, double ulps, Encode encode, Decode decode,
                 Reconstruct reconstruct) {
#ifndef SAME_PROCESSOR
  ulps += 2;
#endif
  const auto x = read<Scalar>(name + ".input", 20), code = read<Scalar>(name + ".code", 5);
  const auto y = read<Scalar>(name + ".reconstruction", 20);
  check(name + " encode", 2 * ulps, x, code, encode);
  check(name + " decode", 2 * ulps, code, y, decode);
  check(name + " reconstruct", 4 * ulps, x, y, reconstruct);
}

/// `may_miss`: a NaN is a missing value.
template <class Scalar>
void check_scores(const std::string& name, double threshold, double (*score)(const Scalar*),
                  bool (*is_anomaly)(const Scalar*), bool may_miss) {
  auto x = read<Scalar>(name + ".input", 20);
  const auto scores = read<double>(name + ".score", 1);
  if (x.empty() || scores.empty()) return expect(false, name + ": no scores");
  int odd = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    const bool right = std::abs(score(&x[20 * i]) - scores[i]) <= 1e-5 * scores[i];
    expect(right, name + " score");
    expect(is_anomaly(&x[20 * i]) == (scores[i] > threshold), name + " is_anomaly");
    odd += is_anomaly(&x[20 * i]);
  }
  expect(odd == 100, name + ": expected 100 anomalies");
  const auto normal =
      static_cast<std::size_t>(std::min_element(scores.begin(), scores.end()) - scores.begin());
  Scalar* const sample = &x[20 * normal];
  sample[4] = static_cast<Scalar>(INFINITY);
  expect(is_anomaly(sample), name + ": infinity is an anomaly");
  sample[4] = static_cast<Scalar>(NAN);
  expect(may_miss ? std::isfinite(score(sample)) : is_anomaly(sample), name + ": a NaN");
  std::fill(sample, sample + 20, static_cast<Scalar>(NAN));
  expect(is_anomaly(sample), name + ": nothing is an anomaly");
}

}  // namespace

#define CHECK_MODEL(name, ulps)                                                          \
  check_model<name::Scalar>(#name, ulps, name::encode, name::decode, name::reconstruct); \
  check_scores<name::Scalar>(#name, name::threshold, name::score, name::is_anomaly,      \
                             std::string(#name) == "missing")

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  folder = argv[1];
  CHECK_MODEL(hidden_identity, 0);
  CHECK_MODEL(hidden_relu, 0);
  CHECK_MODEL(hidden_leaky_relu, 0);
  CHECK_MODEL(hidden_elu, 1);
  CHECK_MODEL(hidden_selu, 1);
  CHECK_MODEL(hidden_softplus, 1);
  CHECK_MODEL(finer, 1);
  CHECK_MODEL(per_feature, 1);
  CHECK_MODEL(missing, 1);
  CHECK_MODEL(variational, 1);
  CHECK_MODEL(logits, 1);
  // ae has these from Eigen, whose rational functions are further from the exact values.
  CHECK_MODEL(hidden_sigmoid, 2);
  CHECK_MODEL(hidden_gelu, 2);
  CHECK_MODEL(hidden_silu, 2);
  CHECK_MODEL(hidden_tanh, 5);
  float x[20] = {1}, code[5] = {};
  half::encode(x, code);
  second::decode(code, x);
  expect(std::isfinite(x[0]), "halves");
#if defined(__GLIBC__) && !defined(AE_SANITIZED)
  const long before = allocations;
  void* volatile memory = std::malloc(100);
  expect(allocations > before, "the count of allocations is awake");
  std::free(memory);
#endif
  return failed;
}

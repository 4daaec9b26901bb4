// Uses models that are headers, as a program without ae and Eigen does, and holds what they give
// against what the models gave. user FOLDER: where models.cpp has written both.
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
#include "other.hpp"
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
long allocations = 0;
}
extern "C" void* malloc(std::size_t size) {  // operator new calls it too
  ++allocations;
  return __libc_malloc(size);
}
#else
namespace {
long allocations = 0;
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

/// A function of the header on all samples.
template <class Scalar, class Function>
void check(const std::string& what, const std::vector<Scalar>& x,
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
  const Scalar tolerance = std::is_same_v<Scalar, float> ? Scalar(2e-6) : Scalar(1e-14);
  std::printf("%-28s %.1e\n", what.c_str(), static_cast<double>(worst / largest));
  expect(worst <= tolerance * largest, what);
}

template <class Scalar, class Encode, class Decode, class Reconstruct>
void check_model(const std::string& name, Encode encode, Decode decode, Reconstruct reconstruct) {
  const auto x = read<Scalar>(name + ".input", 20), code = read<Scalar>(name + ".code", 5);
  const auto y = read<Scalar>(name + ".reconstruction", 20);
  check(name + " encode", x, code, encode);
  check(name + " decode", code, y, decode);
  check(name + " reconstruct", x, y, reconstruct);
}

}  // namespace

#define CHECK_MODEL(name) \
  check_model<name::Scalar>(#name, name::encode, name::decode, name::reconstruct)

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  folder = argv[1];
  CHECK_MODEL(hidden_identity);
  CHECK_MODEL(hidden_elu);
  CHECK_MODEL(hidden_selu);
  CHECK_MODEL(hidden_relu);
  CHECK_MODEL(hidden_leaky_relu);
  CHECK_MODEL(hidden_sigmoid);
  CHECK_MODEL(hidden_tanh);
  CHECK_MODEL(hidden_softplus);
  CHECK_MODEL(hidden_gelu);
  CHECK_MODEL(hidden_silu);
  CHECK_MODEL(finer);
  CHECK_MODEL(variational);
  float x[20] = {1}, code[5] = {};
  half::encode(x, code);
  second::decode(code, x);
  expect(std::isfinite(x[0]), "halves");
#if defined(__GLIBC__) && !defined(AE_SANITIZED)
  const long before = allocations;
  std::vector<float> one(100);
  expect(allocations > before && one[0] == 0, "the count of allocations is awake");
#endif
  return failed;
}

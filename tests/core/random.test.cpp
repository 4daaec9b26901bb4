#include "ae/core/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using ae::Purpose;
using ae::Random;

namespace {

constexpr std::uint64_t draws = 100'000;

/// The mean of f(draw) over many draws.
double mean_of(auto&& draw, auto&& f) {
  double sum = 0;
  for (std::uint64_t i = 0; i < draws; ++i) sum += f(draw(i));
  return sum / static_cast<double>(draws);
}

/// Five standard errors of a mean of draws with this variance.
double tolerance(double variance) {
  return 5 * std::sqrt(variance / static_cast<double>(draws));
}

double uniform(std::uint64_t index) {
  return Random(1, Purpose::draw).uniform(index);
}
double normal(std::uint64_t index) {
  return Random(1, Purpose::draw).normal(index);
}

bool differ(const Random& a, const Random& b) {
  for (std::uint64_t i = 0; i < 100; ++i) {
    if (a.bits(i) == b.bits(i)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("Philox4x32-10 gives the known answers of Random123") {
  CHECK(Random::philox({0, 0, 0, 0}, {0, 0}) ==
        Random::Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(
      Random::philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
      Random::Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(
      Random::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
      Random::Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("bits are the first two words of the block of (index, stream, purpose) under the seed") {
  const std::uint64_t seed = 0x0123456789abcdef, index = 0xfedcba9876543210;
  const auto block =
      Random::philox({0x76543210, 0xfedcba98, 5, static_cast<std::uint32_t>(Purpose::shuffle)},
                     {0x89abcdef, 0x01234567});
  CHECK(Random(seed, Purpose::shuffle, 5).bits(index) ==
        (std::uint64_t{block[0]} << 32 | block[1]));
}

TEST_CASE("the same seed, purpose, stream and index give the same number") {
  CHECK(Random(3, Purpose::draw, 4).bits(5) == Random(3, Purpose::draw, 4).bits(5));
  CHECK(Random(3, Purpose::draw, 4).normal(5) == Random(3, Purpose::draw, 4).normal(5));
}

TEST_CASE("seeds, purposes and streams have numbers of their own") {
  const Random random(1, Purpose::draw, 0);
  CHECK(differ(random, Random(2, Purpose::draw, 0)));
  CHECK(differ(random, Random(std::uint64_t{1} << 32 | 1, Purpose::draw, 0)));
  CHECK(differ(random, Random(1, Purpose::shuffle, 0)));
  CHECK(differ(random, Random(1, Purpose::initialise, 0)));
  CHECK(differ(random, Random(1, Purpose::draw, 1)));
}

TEST_CASE("uniform numbers stay in [0, 1)") {
  double lowest = 1, highest = 0;
  for (std::uint64_t i = 0; i < draws; ++i) {
    lowest = std::min(lowest, uniform(i));
    highest = std::max(highest, uniform(i));
  }
  CHECK(lowest >= 0);
  CHECK(lowest < 1e-3);
  CHECK(highest < 1);
  CHECK(highest > 1 - 1e-3);
}

TEST_CASE("uniform numbers between bounds are stretched") {
  const Random random(1, Purpose::draw);
  for (std::uint64_t i = 0; i < 10; ++i) {
    CHECK(random.uniform(i, -3, 5) == doctest::Approx(-3 + 8 * random.uniform(i)));
  }
}

TEST_CASE("uniform numbers have the moments of the uniform distribution") {
  CHECK(std::abs(mean_of(uniform, [](double u) { return u; }) - 0.5) < tolerance(1.0 / 12));
  CHECK(std::abs(mean_of(uniform, [](double u) { return u * u; }) - 1.0 / 3) <
        tolerance(1.0 / 5 - 1.0 / 9));
}

TEST_CASE("normal numbers have the moments of the normal distribution") {
  CHECK(std::abs(mean_of(normal, [](double z) { return z; })) < tolerance(1));
  CHECK(std::abs(mean_of(normal, [](double z) { return z * z; }) - 1) < tolerance(2));
  CHECK(std::abs(mean_of(normal, [](double z) { return z * z * z; })) < tolerance(15));
  CHECK(std::abs(mean_of(normal, [](double z) { return z * z * z * z; }) - 3) < tolerance(96));
}

TEST_CASE("numbers one behind the other are not correlated") {
  const auto product = [](std::uint64_t i) { return normal(i) * normal(i + 1); };
  CHECK(std::abs(mean_of(product, [](double z) { return z; })) < tolerance(1));
}

TEST_CASE("below a bound lies every number, about equally often") {
  constexpr std::uint64_t bound = 7;
  std::vector<double> counts(bound);
  const Random random(1, Purpose::draw);
  for (std::uint64_t i = 0; i < draws; ++i) ++counts.at(random.below(i, bound));
  constexpr double p = 1.0 / bound;
  for (const double count : counts) {
    CHECK(std::abs(count / static_cast<double>(draws) - p) < tolerance(p * (1 - p)));
  }
}

TEST_CASE("below 1 lies only 0") {
  for (std::uint64_t i = 0; i < 100; ++i) CHECK(Random(1, Purpose::draw).below(i, 1) == 0);
}

TEST_CASE("numbers from a later one on are the same numbers") {
  const ae::Random all(3, ae::Purpose::draw, 7);
  CHECK(all.from(100).bits(5) == all.bits(105));
  CHECK(all.from(100).from(20).normal(0) == all.normal(120));
}

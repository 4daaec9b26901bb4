#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace ae::inline AE_ABI {

/// What random numbers are drawn for; each purpose has streams of its own.
enum class Purpose : std::uint32_t {
  initialise,
  shuffle,
  draw,
  split,
  augment,
  corrupt,
  drop,
  sample,
  direction,
  shuffle_window
};

/// A counter-based generator: every number is a pure function of (seed, purpose, stream, index), so
/// the order of drawing and the number of threads change nothing.
///
/// Philox4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011, section 3.3.
/// ~~~{.cpp}
/// const ae::Random random(seed, ae::Purpose::sample);
/// const double first = random.normal(0), second = random.normal(1);
/// ~~~
class Random {
 public:
  using Block = std::array<std::uint32_t, 4>;

  Random(std::uint64_t seed, Purpose purpose, std::uint32_t stream = 0)
      : seed_(seed), purpose_(static_cast<std::uint32_t>(purpose)), stream_(stream) {}

  /// The numbers from `count` on: index 0 of it is index `count` here.
  Random from(std::uint64_t count) const {
    Random later = *this;
    later.first_ += count;
    return later;
  }

  /// 64 random bits.
  std::uint64_t bits(std::uint64_t index) const {
    const Block block = at(index);
    return join(block[0], block[1]);
  }

  /// Uniform on [0, 1), with 53 random bits.
  double uniform(std::uint64_t index) const { return unit(bits(index)); }

  /// Uniform on [low, high).
  double uniform(std::uint64_t index, double low, double high) const {
    return low + (high - low) * uniform(index);
  }

  /// Standard normal. Box and Muller, "A note on the generation of random normal deviates", 1958.
  double normal(std::uint64_t index) const {
    const Block block = at(index);
    const double radius = std::sqrt(-2 * std::log1p(-unit(join(block[0], block[1]))));
    return radius * std::cos(2 * std::numbers::pi * unit(join(block[2], block[3])));
  }

  /// Uniform on {0, ..., bound - 1}; the bias is below bound / 2^53.
  std::uint64_t below(std::uint64_t index, std::uint64_t bound) const {
    return static_cast<std::uint64_t>(uniform(index) * static_cast<double>(bound));
  }

  /// The bijection itself: ten rounds on a counter of four words under a key of two.
  static constexpr Block philox(Block counter, std::array<std::uint32_t, 2> key) {
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t left = std::uint64_t{0xD2511F53} * counter[0];
      const std::uint64_t right = std::uint64_t{0xCD9E8D57} * counter[2];
      counter = {high(right) ^ counter[1] ^ key[0], low(right), high(left) ^ counter[3] ^ key[1],
                 low(left)};
      key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
    }
    return counter;
  }

 private:
  Block at(std::uint64_t index) const {
    index += first_;
    return philox({low(index), high(index), stream_, purpose_}, {low(seed_), high(seed_)});
  }

  static constexpr std::uint32_t low(std::uint64_t word) {
    return static_cast<std::uint32_t>(word);
  }
  static constexpr std::uint32_t high(std::uint64_t word) {
    return static_cast<std::uint32_t>(word >> 32);
  }
  static constexpr std::uint64_t join(std::uint32_t first, std::uint32_t second) {
    return std::uint64_t{first} << 32 | second;
  }
  static constexpr double unit(std::uint64_t word) {
    return static_cast<double>(word >> 11) * 0x1p-53;
  }

  std::uint64_t seed_;
  std::uint32_t purpose_;
  std::uint32_t stream_;
  std::uint64_t first_ = 0;
};

}  // namespace ae::inline AE_ABI

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

/// Samples, and numbers as text to the last bit, for programs with ae and for those of a device.
namespace numbers {

constexpr unsigned samples = 7;

/// Numbers from -1 to 1; of three samples much larger, much smaller or zero, of one a NaN, of one
/// infinite.
inline void draw(unsigned sample, float* x, std::size_t size) {
  constexpr float sizes[samples] = {1, 1, 1000, 1e-3F, 0, 1, 1};
  std::uint32_t state = sample + 1;
  for (std::size_t i = 0; i < size; ++i) {
    state = state * 1664525U + 1013904223U;
    x[i] = (static_cast<float>(state >> 8) * 0x1p-23F - 1) * sizes[sample];
  }
  constexpr std::uint32_t nan = 0x7fc00000, infinity = 0xff800000;
  if (sample == 5) std::memcpy(x + 1, &nan, sizeof nan);
  if (sample == 6) std::memcpy(x + 1, &infinity, sizeof infinity);
}

/// Gives print a line: the name, the sample, and the bits of each number as hexadecimal digits. One
/// NaN is like another.
template <class Number, class Print>
void show(const char* name, unsigned sample, const Number* y, std::size_t size, Print print) {
  const char number[] = {' ', static_cast<char>('0' + sample), '\0'};
  print(name);
  print(number);
  for (std::size_t i = 0; i < size; ++i) {
    if (y[i] != y[i]) {
      print(" nan");
      continue;
    }
    std::uint64_t bits =
        0;  // of a float the lower half, as both processors have the lower byte first
    std::memcpy(&bits, y + i, sizeof y[i]);
    char digits[2 * sizeof(Number) + 2] = {' '};
    for (std::size_t k = 2 * sizeof(Number); k > 0; --k, bits >>= 4) {
      digits[k] = "0123456789abcdef"[bits & 15];
    }
    print(digits);
  }
  print("\n");
}

}  // namespace numbers

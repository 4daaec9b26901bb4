// What one reconstruction takes on the board: MODEL is the namespace of the header that is
// included.
#include MODEL_HEADER

#include "board.hpp"

namespace {

float x[MODEL::features], y[MODEL::features];

void reconstruct() {
  MODEL::reconstruct(x, y);
}

void print(const char* what, std::uint32_t number) {
  char digits[11];
  char* first = digits + 10;
  for (*first = 0; first == digits + 10 || number > 0; number /= 10) {
    *--first = static_cast<char>('0' + number % 10);
  }
  board::print(what);
  board::print(first);
  board::print("\n");
}

}  // namespace

int main() {
  std::uint32_t state = 1;
  for (float& value : x) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<float>(state >> 8) * 0x1p-23f - 1;
  }
  print("stack ", board::stack_of(reconstruct));
  constexpr std::uint32_t runs = 10;
  const std::uint32_t start = board::ticks();
  for (std::uint32_t run = 0; run < runs; ++run) reconstruct();
  const std::uint32_t ticks = (board::ticks() - start) & board::last_tick;
  print("instructions ", ticks * board::instructions_of_tick / runs);
  return y[0] == y[0] ? 0 : 1;
}

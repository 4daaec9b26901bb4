// `board.hpp` for programs of the host.
#include <cstdio>

#include "board.hpp"

void board::print(const char* text) {
  std::fputs(text, stdout);
}

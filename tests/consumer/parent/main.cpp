#include <ae/core/types.hpp>

ae::Index left();
ae::Index right();

int main() {
  return left() == 3 && right() == 3 ? 0 : 1;
}

// Learns with the functions of two units that are compiled for different processors.
#include <cmath>
#include <cstdio>

#include "unit.hpp"

Learnt learn_here();
Learnt learn_there();

int main() {
  const Learnt first = learn_here(), other = learn_there(), again = learn_here();
  std::printf("mean squared error: %.9g here, %.9g there\n", first.error, other.error);
  if (first.function == other.function) {
    std::puts("expected a function for each processor, found one");
    return 1;
  }
  return first.error == again.error && std::abs(first.error - other.error) < 1e-4 ? 0 : 1;
}

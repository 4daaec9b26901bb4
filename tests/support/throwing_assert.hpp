#pragma once

#include <stdexcept>

// Included before everything else in the tests: what Eigen asserts, allocations among it, is
// checked in release builds too, and a test can catch it.
#define eigen_assert(condition) \
  ((condition) ? static_cast<void>(0) : throw std::logic_error("Eigen: " #condition))

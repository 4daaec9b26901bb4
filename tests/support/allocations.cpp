#include "support/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#include "support/sanitized.hpp"

namespace {
std::atomic<long> count{0};
}

long allocations() {
  return count;
}

#ifndef AE_SANITIZED

void* operator new(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  ++count;
  const auto at = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(at, (size + at - 1) / at * at)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

#endif

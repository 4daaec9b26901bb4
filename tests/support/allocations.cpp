#include "support/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#ifdef _WIN32
#include <malloc.h>
#endif

#include "support/sanitized.hpp"

namespace {
std::atomic<long> count{0};
}

long allocations() {
  return count;
}

#ifndef AE_SANITIZED

namespace {

// Windows has no std::aligned_alloc, since its free could not take such memory.
#ifdef _WIN32
void* allocate_aligned(std::size_t size, std::size_t alignment) {
  return _aligned_malloc(size, alignment);
}
void free_aligned(void* memory) {
  _aligned_free(memory);
}
#else
void* allocate_aligned(std::size_t size, std::size_t alignment) {
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}
void free_aligned(void* memory) {
  std::free(memory);
}
#endif

}  // namespace

void* operator new(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  ++count;
  if (void* memory = allocate_aligned(size, static_cast<std::size_t>(alignment))) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept {
  free_aligned(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  free_aligned(memory);
}

#endif

#pragma once

#include "ae/detail/core/abi.hpp"

#include <atomic>
#include <cstddef>

/// What compilers do not agree on.

// For lambdas of inner loops. They must be inlined before the compiler decides which arrays live in
// registers (scalar replacement); otherwise arrays of packets stay in memory.
#ifdef __GNUC__
#define AE_INLINED __attribute__((always_inline))
#else
#define AE_INLINED
#endif

// For functions around elementwise loops: everything that they call is inlined into them.
#ifdef __GNUC__
#define AE_FLATTENED __attribute__((flatten))
#else
#define AE_FLATTENED
#endif

// A member without a size takes no room.
#ifdef _MSC_VER
#define AE_NO_UNIQUE_ADDRESS [[msvc::no_unique_address]]
#else
#define AE_NO_UNIQUE_ADDRESS [[no_unique_address]]
#endif

// GCC warns that packets lose an attribute as template arguments; Eigen uses them so everywhere.
#if defined(__GNUC__) && !defined(__clang__)
#define AE_PACKETS_BEGIN \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wignored-attributes\"")
#define AE_PACKETS_END _Pragma("GCC diagnostic pop")
#else
#define AE_PACKETS_BEGIN
#define AE_PACKETS_END
#endif

namespace ae::inline AE_ABI::detail {

/// Adds one to a count that threads share, and returns its value before that (an atomic
/// fetch-and-add). Not all compilers know `omp atomic capture`, nor all libraries std::atomic_ref.
inline std::ptrdiff_t fetch_add_one(std::ptrdiff_t& count) {
#ifdef __GNUC__
  return __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
#else
  return std::atomic_ref(count).fetch_add(1, std::memory_order_relaxed);
#endif
}

/// A hint for loops that wait for another thread (PAUSE on x86, ISB on Arm).
inline void spin_wait_hint() {
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
  __builtin_ia32_pause();
#elif defined(__GNUC__) && defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

/// Asks for the cache line of an address, to be read or written soon. GCC drops calls of these
/// unless they are inlined early, since it sees that they change nothing.
AE_INLINED inline void prefetch_to_read([[maybe_unused]] const char* address) {
#ifdef __GNUC__
  __builtin_prefetch(address, 0);
#endif
}
AE_INLINED inline void prefetch_to_write([[maybe_unused]] const char* address) {
#ifdef __GNUC__
  __builtin_prefetch(address, 1);
#endif
}

}  // namespace ae::inline AE_ABI::detail

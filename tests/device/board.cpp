// An ARM MPS2 board without an operating system: what happens before main, and `board.hpp`. The
// host is reached by semihosting: ARM, "Semihosting for AArch32 and AArch64", operations 0x04 and
// 0x18.
#include "board.hpp"

extern "C" {
extern std::uint32_t data_begin, data_end, data_in_flash, bss_begin, bss_end, stack_top;
int program() asm("main");
void reset();
}

namespace {

std::uint32_t call_host(std::uint32_t operation, const void* argument) {
  register std::uint32_t r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void fail() {
  board::print("the processor has met a fault\n");
  board::exit(true);
}

volatile std::uint32_t& at(std::uint32_t address) {
  return *reinterpret_cast<volatile std::uint32_t*>(address);
}

using Handler = void (*)();
struct Vectors {
  const void* stack;
  Handler handlers[15];
};
// The first word is the stack's, the second the entry; all else is a fault.
[[gnu::section(".vectors"), gnu::used]] const Vectors vectors = {
    &stack_top,
    {reset, fail, fail, fail, fail, fail, fail, fail, fail, fail, fail, fail, fail, fail, fail}};

}  // namespace

void reset() {
#ifdef __ARM_FP
  at(0xe000ed88) = 0xfu << 20;  // CPACR: full access to the floating-point unit
  asm volatile("dsb\n isb" ::: "memory");
#endif
  const std::uint32_t* from = &data_in_flash;
  for (std::uint32_t* to = &data_begin; to != &data_end; ++to) *to = *from++;
  for (std::uint32_t* to = &bss_begin; to != &bss_end; ++to) *to = 0;
  at(0xe000e014) = board::last_tick;  // SYST_RVR
  at(0xe000e018) = 0;                 // SYST_CVR
  at(0xe000e010) = 5;                 // SYST_CSR: on, the processor's clock
  board::exit(program() != 0);
}

namespace board {

void print(const char* text) {
  call_host(0x04, text);
}

void exit(bool failed) {
  constexpr std::uint32_t stopped = 0x20026, error = 0x20023;
  call_host(0x18, reinterpret_cast<const void*>(failed ? error : stopped));
  for (;;) {
  }
}

std::uint32_t ticks() {
  return last_tick - at(0xe000e018);
}

std::uint32_t stack_of(void (*f)()) {
  constexpr std::uint32_t paint = 0xdeadbeef;
  std::uint32_t* here;
  asm volatile("mov %0, sp" : "=r"(here));
  for (std::uint32_t* word = &bss_end; word < here; ++word)
    *const_cast<volatile std::uint32_t*>(word) = paint;
  f();
  std::uint32_t* lowest = &bss_end;
  while (lowest < here && *const_cast<volatile std::uint32_t*>(lowest) == paint) ++lowest;
  return 4 * static_cast<std::uint32_t>(here - lowest);
}

}  // namespace board

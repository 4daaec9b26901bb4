#pragma once

#include <cstdint>

/// What a program needs of the board that an emulator stands for: a line of text for the host, the
/// end, and what the emulator counts.
namespace board {

void print(const char* text);
[[noreturn]] void exit(bool failed);

/// Instructions since some moment, in steps of 40, where the emulator counts a nanosecond for each
/// (-icount shift=0): the board's clock has 25 MHz. Differences are right below 2^24 steps.
std::uint32_t ticks();
constexpr std::uint32_t instructions_of_tick = 40;
constexpr std::uint32_t last_tick = 0xffffff;

/// The largest stack below the caller's that f needs, in bytes.
std::uint32_t stack_of(void (*f)());

}  // namespace board

#pragma once

#include <ae/core/types.hpp>
#include <filesystem>

namespace examples {

/// Pictures laid out in rows and columns, each pixel drawn `zoom` times as large, with a gap
/// between them.
struct Sheet {
  ae::Index side = 32;
  ae::Index columns = 10;
  ae::Index zoom = 4;
  ae::Index gap = 8;
};

/// Writes grayscale pictures (side^2 x count; row by row, 0..255, clamped and never autoscaled) as
/// one PNG. Throws ae::FileError.
void write_sheet(const std::filesystem::path& path, const ae::Matrix<float>& pictures,
                 const Sheet& sheet);

}  // namespace examples

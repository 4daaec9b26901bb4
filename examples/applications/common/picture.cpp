#include "common/picture.hpp"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

#include <ae/core/file.hpp>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace examples {
namespace {

constexpr std::uint8_t background = 255;

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0f, 255.0f)));
}

}  // namespace

void write_sheet(const std::filesystem::path& path, const ae::Matrix<float>& pictures,
                 const Sheet& sheet) {
  const ae::Index cell = sheet.side * sheet.zoom + sheet.gap;
  const ae::Index columns = std::min(sheet.columns, pictures.cols());
  const ae::Index rows = (pictures.cols() + columns - 1) / columns;
  const ae::Index width = columns * cell + sheet.gap, height = rows * cell + sheet.gap;
  std::vector<std::uint8_t> canvas(static_cast<std::size_t>(width * height), background);

  for (ae::Index i = 0; i < pictures.cols(); ++i) {
    const ae::Index left = sheet.gap + i % columns * cell, top = sheet.gap + i / columns * cell;
    for (ae::Index y = 0; y < sheet.side * sheet.zoom; ++y) {
      for (ae::Index x = 0; x < sheet.side * sheet.zoom; ++x) {
        const float pixel = pictures(y / sheet.zoom * sheet.side + x / sheet.zoom, i);
        canvas[static_cast<std::size_t>((top + y) * width + left + x)] = to_byte(pixel);
      }
    }
  }

  std::string png;
  const auto append = [](void* to, void* data, int size) {
    static_cast<std::string*>(to)->append(static_cast<char*>(data), static_cast<std::size_t>(size));
  };
  stbi_write_png_to_func(append, &png, static_cast<int>(width), static_cast<int>(height), 1,
                         canvas.data(), static_cast<int>(width));
  ae::write_file(png, path);
}

}  // namespace examples

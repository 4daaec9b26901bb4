#pragma once

#include "ae/detail/core/abi.hpp"

#include <stb_image.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ae/detail/core/path_text.hpp"
#include "ae/detail/data/several_files.hpp"

/// Pictures in PNG, PPM or PGM, which stb_image decodes: its header must be found, and
/// one file of the program must define STB_IMAGE_IMPLEMENTATION and include it, or the program link
/// to a library that has it (Debian: -lstb).
namespace ae::inline AE_ABI::images {

/// The channels of a sample. Transparency is left out. PNGs of 16 bits become 8; PPM and PGM of 16
/// bits are refused.
enum class Colour {
  grayscale = 1,  ///< one: stb_image's weighted mean of red, green and blue
  rgb = 3         ///< three
};

/// Pictures as samples of channels x height x width values, 0..255, in this order (NCHW).
/// ~~~{.cpp}
/// const auto images = ae::images::read_folder("photos", ae::images::Colour::rgb);
/// std::cout << images.samples() << " of " << images.width << " x " << images.height << '\n';
/// ~~~
struct Images : ByteSource {
  Index width, height, channels;
  Paths files;  ///< where each sample is from
};

}  // namespace ae::inline AE_ABI::images

namespace ae::inline AE_ABI::detail::images {

struct Picture {
  int width = 0, height = 0;
  std::string bytes;  // channel by channel
};

/// Bytes before the pixels of a PPM or PGM: four words, with blanks and comments before them, and
/// one blank.
inline std::size_t pnm_header(std::string_view file) {
  constexpr std::string_view blanks = " \t\n\v\f\r";
  std::size_t at = 0;
  for (int word = 0; word < 4; ++word) {
    at = std::min(file.find_first_not_of(blanks, at), file.size());
    while (file.substr(at).starts_with('#')) {
      at = std::min(file.find('\n', at), file.size());
      at = std::min(file.find_first_not_of(blanks, at), file.size());
    }
    at = std::min(file.find_first_of(blanks, at), file.size());
  }
  return at + 1;
}

/// Throws FileError, which names the file.
inline Picture decode(const std::filesystem::path& path, int channels) {
  const std::string file = read_file(path);
  constexpr auto most = static_cast<std::size_t>(std::numeric_limits<int>::max());
  detail::require<FileError>(file.size() <= most, detail::path_text(path), ": expected at most ",
                             most, " bytes, found ", file.size());
  const auto* bytes = reinterpret_cast<const stbi_uc*>(file.data());
  // stb_image 2.27 reads past its own buffer when it converts PPM and PGM of 16 bits.
  const bool wide = file.starts_with('P') &&
                    stbi_is_16_bit_from_memory(bytes, static_cast<int>(file.size())) != 0;
  detail::require<FileError>(!wide, detail::path_text(path),
                             ": expected a picture of 8 bits a channel, found one of 16");
  Picture picture;
  int stored = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load_from_memory(bytes, static_cast<int>(file.size()), &picture.width, &picture.height,
                            &stored, channels),
      &stbi_image_free);
  detail::require<FileError>(
      pixels != nullptr, detail::path_text(path),
      ": expected a picture, but stb_image found: ", pixels ? "" : stbi_failure_reason());
  const auto channel_count = static_cast<std::size_t>(channels);
  const std::size_t size = static_cast<std::size_t>(picture.width) *
                           static_cast<std::size_t>(picture.height) * channel_count;
  if (file.starts_with('P')) {  // stb_image accepts PPM and PGM that are cut off
    const std::size_t wanted =
        pnm_header(file) + size / channel_count * static_cast<std::size_t>(stored);
    detail::require<FileError>(file.size() >= wanted, detail::path_text(path),
                               ": expected a picture of at least ", wanted, " bytes, found ",
                               file.size());
  }
  picture.bytes.reserve(size);
  for (std::size_t channel = 0; channel < channel_count; ++channel) {
    for (std::size_t i = channel; i < size; i += channel_count) {
      picture.bytes += static_cast<char>(pixels.get()[i]);
    }
  }
  return picture;
}

inline bool is_picture(const std::filesystem::path& path) {
  std::string end = detail::path_text(path.extension());
  for (char& letter : end) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return end == ".png" || end == ".ppm" || end == ".pgm";
}

/// The files of a folder whose names end as those of pictures do, sorted.
inline Paths picture_files(const std::filesystem::path& folder) {
  std::error_code error;
  Paths files;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_picture(entry->path())) files.push_back(entry->path());
  }
  detail::require<FileError>(!error, detail::path_text(folder),
                             ": cannot be read as a folder: ", error.message());
  detail::require<FileError>(!files.empty(), detail::path_text(folder),
                             ": expected files *.png, *.ppm or *.pgm, found none");
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace ae::inline AE_ABI::detail::images

namespace ae::inline AE_ABI::images {

/// Several files in this order, all of one size. Throws FileError for no file, one that is no
/// picture, or one of another size.
/// ~~~{.cpp}
/// const auto images = ae::images::read(ae::Paths{"first.png", "second.png"});
/// ~~~
inline Images read(const Paths& files, Colour colour = Colour::grayscale) {
  detail::require_files(files);
  const int channels = static_cast<int>(colour);
  const detail::images::Picture first = detail::images::decode(files.front(), channels);
  std::string bytes = first.bytes;
  bytes.reserve(files.size() * first.bytes.size());
  for (std::size_t i = 1; i < files.size(); ++i) {
    const std::filesystem::path& file = files[i];
    const detail::images::Picture picture = detail::images::decode(file, channels);
    detail::require<FileError>(
        picture.width == first.width && picture.height == first.height, detail::path_text(file),
        ": expected ", detail::shape(first.width, first.height), " pixels as in ",
        detail::path_text(files.front()), ", found ", detail::shape(picture.width, picture.height));
    bytes += picture.bytes;
  }
  const auto features = static_cast<Index>(first.bytes.size());
  return {ByteSource(std::move(bytes), 0, features, Element::u1, std::endian::native), first.width,
          first.height, channels, files};
}

/// One file. Throws FileError for one that is no picture.
inline Images read(const std::filesystem::path& file, Colour colour = Colour::grayscale) {
  return read(Paths{file}, colour);
}

/// The pictures of a folder (not of folders within) in the order of their names' bytes. Throws as
/// `read` does, and FileError for a folder without pictures.
/// ~~~{.cpp}
/// model.fit(ae::images::read_folder("photos"), {.scaling = ae::Scaling::common});
/// ~~~
inline Images read_folder(const std::filesystem::path& folder, Colour colour = Colour::grayscale) {
  return read(detail::images::picture_files(folder), colour);
}

}  // namespace ae::inline AE_ABI::images

#include "ae/data/gzip.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "ae/data/table.hpp"

// The bytes are a file: FileError, or a text that is the same however large the pieces are in which
// it is read. It is read as a table, and as what zlib has compressed it comes back.

namespace {

constexpr std::size_t most = 1 << 18;  // a few bytes may become many

/// A file that goes with the program; in memory where the system has such a folder.
struct Temporary {
  static std::filesystem::path folder() {
    const std::filesystem::path memory = "/dev/shm";
    return std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
  }

  std::filesystem::path path = folder() / ("fuzz_gzip." + std::to_string(getpid()));
  ~Temporary() {
    std::error_code error;
    std::filesystem::remove(path, error);
  }
};

/// The beginning of a text, in pieces of at most so many bytes.
std::string read(const ae::TextFile& file, std::size_t piece) {
  const ae::ReadBytes next = file.open();
  std::string text, buffer(piece, '\0');
  text.reserve(most + piece);
  while (text.size() < most) {
    const std::size_t count = next(buffer);
    if (count > piece) std::abort();
    if (count == 0) return text;
    text.append(buffer, 0, count);
  }
  text.resize(most);
  return text;
}

void write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  if (!out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush()) std::abort();
}

std::string compressed(const std::string& text) {
  std::string all(compressBound(text.size()) + 32, '\0');
  z_stream stream{};
  if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(all.data());
  stream.avail_out = static_cast<uInt>(all.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  all.resize(stream.total_out);
  deflateEnd(&stream);
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Temporary temporary;
  const ae::TextFile file = ae::gzip::file(temporary.path);
  write(temporary.path, {reinterpret_cast<const char*>(data), size});
  std::string text;
  try {
    text = read(file, 1 << 16);
  } catch (const ae::FileError&) {
    return 0;
  }
  if (read(file, 61) != text) std::abort();
  if (text.size() < (1 << 14)) {
    try {
      ae::Table::read(file);
    } catch (const ae::Error&) {
    }
  }
  if (text.size() > (1 << 16)) return 0;
  write(temporary.path, compressed(text));
  if (read(file, 1 << 10) != text) std::abort();
  return 0;
}

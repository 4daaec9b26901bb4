// Feeds a fuzz target without libFuzzer: every file of a folder as it is, cut off after every byte,
// and with every byte changed in turn. What escapes the target is a failure, and so is memory
// beyond any that such small files could need.
#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "ae/core/file.hpp"
#include "support/sanitized.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

long feed(const std::string& bytes) {
  // A copy of just this size: a sanitizer then sees a read beyond the end.
  const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(input.data(), input.size());
  return 1;
}

long feed_variants(const std::string& bytes) {
  long count = feed(bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) count += feed(bytes.substr(0, size));
  std::string changed = bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int difference : {0x01, 0x02, 0x10, 0x80, 0xff}) {
      changed[i] = static_cast<char>(bytes[i] ^ difference);
      count += feed(changed);
    }
    changed[i] = bytes[i];
  }
  return count;
}

/// Leaves less memory than a hostile size would take; a sanitizer needs more for itself.
void limit_memory() {
#ifndef AE_SANITIZED
  const rlimit limit{1 << 28, 1 << 28};
  ::setrlimit(RLIMIT_AS, &limit);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: %s CORPUS\n", argv[0]), 2;
  limit_memory();
  long files = 0, inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    try {
      inputs += feed_variants(ae::read_file(entry.path()));
      ++files;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s: escaped: %s\n", entry.path().c_str(), error.what());
      return 1;
    }
  }
  std::printf("%ld inputs made of %ld files\n", inputs, files);
  return files > 0 ? 0 : 1;
}

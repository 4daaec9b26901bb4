#include "ae/data/raw.hpp"

#include <cstring>

// The first byte picks the type of the numbers, the next eight are the number of features.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ae::Index features = 0;
  if (size < 1 + sizeof features) return 0;
  std::memcpy(&features, data + 1, sizeof features);
  const std::string bytes(data + 1 + sizeof features, data + size);
  try {
    ae::raw::parse(bytes, features, static_cast<ae::Element>(data[0] % 6)).matrix();
  } catch (const ae::Error&) {
  }
  return 0;
}

#include "ae/checkpoint.hpp"

#include <cstddef>
#include <cstdint>

#include "ae/autoencoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static ae::StackedAutoencoder<float> model({3, 2});
  try {
    ae::restore_checkpoint({reinterpret_cast<const char*>(data), size}, "fuzz", model);
  } catch (const ae::Error&) {
  }
  return 0;
}

#include "ae/data/idx.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const ae::idx::Array array = ae::idx::parse({reinterpret_cast<const char*>(data), size});
    array.matrix();
    ae::idx::labels(array);
  } catch (const ae::Error&) {
  }
  return 0;
}

#include "ae/data/npy.hpp"

#include <cstdlib>

// Whatever the bytes: a FileError, or a matrix that comes back bit by bit.

namespace {

ae::Matrix<double> matrix_of(std::string bytes) {
  return ae::npy::parse(std::move(bytes)).matrix<double>();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ae::Matrix<double> x;
  try {
    x = matrix_of(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const ae::FileError&) {
    return 0;
  }
  if (static_cast<std::size_t>(x.size()) > size) std::abort();
  const ae::Matrix<double> copy = matrix_of(ae::npy::file_of(x));
  const auto bits = static_cast<std::size_t>(x.size()) * sizeof(double);
  if (copy.rows() != x.rows() || copy.cols() != x.cols() ||
      (bits > 0 && std::memcmp(copy.data(), x.data(), bits) != 0)) {
    std::abort();
  }
  return 0;
}

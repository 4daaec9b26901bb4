#include "common/cifar_folder.hpp"

#include <cstdlib>
#include <iostream>

#include "common/synthetic.hpp"

namespace examples {

CifarFolder find_cifar10(const std::string& named, const std::filesystem::path& drawn,
                         std::uint64_t seed) {
  if (!named.empty()) return {named, false};
  if (const char* folder = std::getenv("AE_CIFAR10_DIR"); folder && *folder) return {folder, false};
  const std::filesystem::path usual = "data/cifar-10-batches-bin";
  if (std::filesystem::is_directory(usual)) return {usual, false};
  std::cout << "No CIFAR-10 here, so the pictures are drawn by the program: "
               "scripts/get-cifar10 fetches the real ones.\n";
  draw_synthetic_cifar10(drawn, seed);
  return {drawn, true};
}

}  // namespace examples

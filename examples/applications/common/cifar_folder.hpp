#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace examples {

/// A folder of CIFAR-10's binary files, and whether the pictures in it are drawn.
struct CifarFolder {
  std::filesystem::path path;
  bool synthetic;
};

/// The folder that is named; else $AE_CIFAR10_DIR; else data/cifar-10-batches-bin if it is there;
/// else `drawn`, which is filled with pictures of that seed, and said to be on standard output.
CifarFolder find_cifar10(const std::string& named, const std::filesystem::path& drawn,
                         std::uint64_t seed = 0);

}  // namespace examples

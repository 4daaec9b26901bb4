#pragma once

#include <cstdint>
#include <filesystem>

namespace examples {

/// Fills `folder` with drawn pictures that stand in for CIFAR-10 where it cannot be had: scenes
/// with a horse (label 7) and, one in six, with a deer or a ship, in data_batch_1.bin to
/// data_batch_5.bin and test_batch.bin of the binary version. CIFAR-10 has about 1,000 horses in
/// each file as well.
///
/// The same seed gives the same pictures. The folder appears once it is whole; if it already holds
/// these pictures it is left as it is, and if it holds anything but drawn pictures the call throws
/// std::runtime_error.
void draw_synthetic_cifar10(const std::filesystem::path& folder, std::uint64_t seed,
                            std::uint32_t horses_per_file = 1000);

}  // namespace examples

#pragma once

#include <cstdint>
#include <filesystem>

namespace examples {

/// Fills `folder` with drawn pictures, a stand-in for CIFAR-10 where that cannot be had: scenes
/// with a horse (label 7) and, one in six, with a deer, a ship or an aeroplane, in the files
/// data_batch_1.bin to data_batch_5.bin and test_batch.bin of the binary version. CIFAR-10 has
/// about 1,000 horses in each file as well.
///
/// The same seed gives the same bytes. The folder appears once it is whole. One that already holds
/// these pictures is left as it is; one that holds anything but drawn pictures is refused with
/// std::runtime_error.
void draw_synthetic_cifar10(const std::filesystem::path& folder, std::uint64_t seed,
                            int horses_per_file = 1000);

}  // namespace examples

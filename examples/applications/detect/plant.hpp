#pragma once

#include <ae/core/types.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// A power plant of 24 sensors, drawn by chance, for where there are no data at hand.
namespace examples {

/// Something that goes wrong for a while.
struct PlantFault {
  std::string name;
  std::string sensor;           ///< where it shows
  std::vector<ae::Index> when;  ///< the readings, counted from 0
};

/// A reading of every sensor each ten minutes. Four hidden states, load, weather, fuel and cooling,
/// rule all of them, so that each can be told from the others but for its noise; one value in 500
/// is missing (NaN).
struct Plant {
  std::vector<std::string> sensors;
  ae::Matrix<double> readings;  ///< sensors x readings
  std::vector<PlantFault> faults;
};

/// So many readings while all is well. The same seed gives the same readings.
Plant draw_plant(ae::Index count, std::uint64_t seed);

/// Thirty days with a fault of each kind.
Plant draw_faulty_plant(std::uint64_t seed);

/// A table with the time, a column for each sensor and, if there are faults, one named `state`,
/// which says "normal" or its name. Throws ae::FileError.
void write_plant(const std::filesystem::path& path, const Plant& plant);

/// Throws ae::FileError if there is a file that `write_plant` did not write.
void require_plant(const std::filesystem::path& path);

}  // namespace examples

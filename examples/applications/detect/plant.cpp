#include "detect/plant.hpp"

#include <ae/core/file.hpp>
#include <ae/core/random.hpp>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <numbers>

namespace examples {
namespace {

using ae::Index;

constexpr Index interval = 10;  // minutes
constexpr Index day = 24 * 60 / interval;
constexpr Index states = 4;  // load, weather, fuel, cooling

/// A reading is center + scale * (what the states make of it + noise).
struct Sensor {
  const char* name;
  double center, scale;
  std::array<double, states> weights;
  double curve;  // of the load's square
  double noise;
};

constexpr std::array<Sensor, 24> sensors = {{
    {"feed_flow_t_h", 410, 38, {1.0, 0.0, 0.2, 0.0}, 0.0, 0.12},
    {"feed_temperature_c", 218, 6, {0.7, 0.3, 0.0, 0.2}, 0.1, 0.20},
    {"feed_pressure_bar", 182, 4, {0.9, 0.0, 0.3, 0.0}, 0.2, 0.20},
    {"tank_level_percent", 62, 5, {-0.5, 0.1, 0.4, 0.5}, 0.0, 0.30},
    {"fuel_flow_t_h", 57, 6, {0.9, 0.1, -0.6, 0.0}, 0.1, 0.12},
    {"air_flow_t_h", 560, 49, {0.9, -0.3, -0.4, 0.0}, 0.0, 0.15},
    {"air_temperature_c", 16, 7, {0.0, 1.0, 0.0, 0.0}, 0.0, 0.10},
    {"flue_gas_c", 142, 8, {0.6, 0.4, 0.3, 0.0}, 0.3, 0.20},
    {"flue_oxygen_percent", 3.4, 0.4, {-0.6, -0.3, 0.6, 0.0}, 0.2, 0.25},
    {"furnace_pressure_mbar", -1.2, 0.2, {-0.4, 0.2, 0.5, 0.0}, 0.0, 0.40},
    {"boiler_pressure_bar", 168, 3, {0.8, 0.0, 0.4, 0.1}, 0.3, 0.15},
    {"steam_flow_t_h", 402, 37, {1.0, 0.0, 0.1, 0.1}, 0.0, 0.12},
    {"steam_temperature_c", 538, 3, {0.5, 0.0, 0.7, 0.0}, -0.3, 0.20},
    {"reheat_temperature_c", 536, 4, {0.4, 0.1, 0.7, 0.1}, -0.2, 0.20},
    {"turbine_speed_rpm", 3000, 2, {0.3, 0.0, 0.0, 0.0}, 0.0, 0.90},
    {"power_mw", 128, 13, {1.0, -0.1, 0.2, -0.3}, -0.1, 0.08},
    {"bearing_temperature_c", 71, 4, {0.7, 0.4, 0.0, 0.4}, 0.1, 0.15},
    {"bearing_vibration_mm_s", 2.1, 0.3, {0.6, 0.0, 0.0, 0.2}, 0.4, 0.35},
    {"condenser_pressure_mbar", 46, 6, {0.4, 0.5, 0.0, 0.7}, 0.2, 0.15},
    {"cooling_in_c", 14, 4, {0.0, 0.8, 0.0, 0.5}, 0.0, 0.12},
    {"cooling_out_c", 25, 4, {0.4, 0.6, 0.0, 0.6}, 0.0, 0.12},
    {"cooling_flow_t_h", 15800, 900, {0.5, 0.2, 0.0, -0.8}, 0.0, 0.20},
    {"pump_current_a", 212, 11, {0.8, 0.0, 0.1, -0.5}, 0.1, 0.15},
    {"generator_c", 83, 5, {0.8, 0.4, 0.0, 0.2}, 0.2, 0.20},
}};

Index sensor(const std::string& name) {
  Index i = 0;
  while (name != sensors[static_cast<std::size_t>(i)].name) ++i;
  return i;
}

/// A state of mean 0 and deviation 1 at each reading: it forgets in so many readings, and follows
/// the day by a share.
ae::Vector<double> draw_state(Index count, const ae::Random& random, double memory, double daily,
                              double phase) {
  ae::Vector<double> state(count);
  const double keep = std::exp(-1 / memory), fresh = std::sqrt(1 - keep * keep);
  double wander = random.normal(0);
  for (Index i = 0; i < count; ++i) {
    wander = keep * wander + fresh * random.normal(static_cast<std::uint64_t>(i) + 1);
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / day - phase;
    state[i] =
        daily * std::numbers::sqrt2 * std::sin(angle) + std::sqrt(1 - daily * daily) * wander;
  }
  return state;
}

/// States x readings.
ae::Matrix<double> draw_states(Index count, std::uint64_t seed) {
  const auto random = [&](std::uint32_t stream) {
    return ae::Random(seed, ae::Purpose::draw, stream);
  };
  ae::Matrix<double> all(states, count);
  all.row(0) = draw_state(count, random(0), 6, 0.6, 2.0);
  all.row(1) = draw_state(count, random(1), 12, 0.7, 2.6);
  all.row(2) = draw_state(count, random(2), 8, 0.0, 0.0);
  all.row(3) = draw_state(count, random(3), 4, 0.2, 3.0);
  return all;
}

/// Puts faults into readings, and says where they are.
class Faults {
 public:
  Faults(Plant& plant, std::uint64_t seed) : plant_(plant), random_(seed, ae::Purpose::corrupt) {}

  void stuck(const char* name, Index first, Index count) {
    const double last = row(name)[first];
    change("stuck sensor", name, first, count, [&](Index, double) { return last; });
  }
  void drift(const char* name, Index first, Index count, double by) {
    change("drift", name, first, count, [&](Index i, double value) {
      return value + by * static_cast<double>(i + 1) / static_cast<double>(count);
    });
  }
  void offset(const char* name, Index first, Index count, double by) {
    change("offset", name, first, count, [&](Index, double value) { return value + by; });
  }
  void dead(const char* name, Index first, Index count) {
    change("dead sensor", name, first, count, [](Index, double) { return 0.0; });
  }
  void noise(const char* name, Index first, Index count, double deviation) {
    change("noisy sensor", name, first, count,
           [&](Index, double value) { return value + deviation * random_.normal(draws_++); });
  }
  /// It reads what it read some time before, so its values are as usual and fit nothing.
  void broken_correlation(const char* name, Index first, Index count, Index before) {
    const ae::Vector<double> old = row(name).segment(first - before, count).transpose();
    change("broken correlation", name, first, count, [&](Index i, double) { return old[i]; });
  }
  void spikes(const char* name, Index first, Index every, Index count, double by) {
    PlantFault fault{"spike", name, {}};
    for (Index i = 0; i < count; ++i) fault.when.push_back(first + i * every);
    for (const Index reading : fault.when) row(name)[reading] += by;
    plant_.faults.push_back(fault);
  }
  /// Cooling water is lost, which several sensors show.
  void leak(Index first, Index count, double share) {
    change("leak", "cooling_flow_t_h", first, count,
           [&](Index, double value) { return value * (1 - share); });
    row("cooling_out_c").segment(first, count).array() += 60 * share;
  }

 private:
  ae::Matrix<double>::RowXpr row(const char* name) { return plant_.readings.row(sensor(name)); }

  void change(const char* fault, const char* name, Index first, Index count, auto&& value) {
    PlantFault found{fault, name, {}};
    for (Index i = 0; i < count; ++i) {
      found.when.push_back(first + i);
      row(name)[first + i] = value(i, row(name)[first + i]);
    }
    plant_.faults.push_back(found);
  }

  Plant& plant_;
  ae::Random random_;
  std::uint64_t draws_ = 0;
};

void lose_values(Plant& plant, std::uint64_t seed) {
  const ae::Random random(seed, ae::Purpose::drop);
  std::uint64_t index = 0;
  for (double& value : plant.readings.reshaped()) {
    if (random.uniform(index++) < 0.002) value = std::numeric_limits<double>::quiet_NaN();
  }
}

Plant draw_readings(Index count, std::uint64_t seed) {
  const ae::Matrix<double> hidden = draw_states(count, seed);
  Plant plant;
  plant.readings.resize(static_cast<Index>(sensors.size()), count);
  for (Index s = 0; s < plant.readings.rows(); ++s) {
    const Sensor& one = sensors[static_cast<std::size_t>(s)];
    plant.sensors.emplace_back(one.name);
    const ae::Random noise(seed, ae::Purpose::sample, static_cast<std::uint32_t>(s));
    const auto weights = Eigen::Map<const Eigen::Vector4d>(one.weights.data());
    for (Index i = 0; i < count; ++i) {
      const double load = hidden(0, i);
      plant.readings(s, i) =
          one.center + one.scale * (weights.dot(hidden.col(i)) + one.curve * (load * load - 1) +
                                    one.noise * noise.normal(static_cast<std::uint64_t>(i)));
    }
  }
  return plant;
}

std::string text_of(double value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.6g", value);
  return std::isnan(value) ? "" : digits;
}

std::string names_of(const Plant& plant) {
  std::string text = "time";
  for (const std::string& name : plant.sensors) text += ',' + name;
  return text;
}

}  // namespace

Plant draw_plant(Index count, std::uint64_t seed) {
  Plant plant = draw_readings(count, seed);
  lose_values(plant, seed);
  return plant;
}

Plant draw_faulty_plant(std::uint64_t seed) {
  Plant plant = draw_readings(30 * day, seed + 1);
  Faults faults(plant, seed);
  faults.stuck("bearing_temperature_c", 300, 120);
  faults.drift("steam_temperature_c", 700, 180, 9);
  faults.offset("feed_flow_t_h", 1200, 90, 45);
  faults.spikes("boiler_pressure_bar", 1600, 20, 8, 9);
  faults.broken_correlation("power_mw", 2100, 150, 700);
  faults.noise("flue_oxygen_percent", 2600, 120, 0.8);
  faults.leak(3100, 120, 0.15);
  faults.dead("turbine_speed_rpm", 3600, 60);
  lose_values(plant, seed + 1);
  return plant;
}

void write_plant(const std::filesystem::path& path, const Plant& plant) {
  std::vector<const char*> what(static_cast<std::size_t>(plant.readings.cols()), "normal");
  for (const PlantFault& fault : plant.faults) {
    for (const Index reading : fault.when)
      what[static_cast<std::size_t>(reading)] = fault.name.c_str();
  }
  std::string text = names_of(plant);
  text += plant.faults.empty() ? "\n" : ",state\n";
  const auto start =
      std::chrono::sys_days(std::chrono::year{2026} / (plant.faults.empty() ? 1 : 7) / 1);
  for (Index i = 0; i < plant.readings.cols(); ++i) {
    const std::chrono::year_month_day date = start + std::chrono::days(i / day);
    char time[40];
    std::snprintf(time, sizeof time, "%04d-%02u-%02uT%02d:%02d:00Z", int(date.year()),
                  unsigned(date.month()), unsigned(date.day()), int(i % day * interval / 60),
                  int(i % day * interval % 60));
    text += time;
    for (const double value : plant.readings.col(i)) text += ',' + text_of(value);
    if (!plant.faults.empty()) text += std::string(",") + what[static_cast<std::size_t>(i)];
    text += '\n';
  }
  ae::write_file(text, path);
}

void require_plant(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string first;
  if (!std::getline(file, first)) return;
  if (first.starts_with(names_of(draw_plant(1, 0)))) return;
  throw ae::FileError(path.string() +
                      ": expected no such file, or a plant that was drawn before, found another "
                      "table; --out says where the plant goes");
}

}  // namespace examples

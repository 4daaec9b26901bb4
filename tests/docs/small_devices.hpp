#include <ae/ae.hpp>
#include <cstdio>

// What the page speaks of: a model, samples, and what `export_header` writes.
extern ae::StackedAutoencoder<> model;
extern const ae::Matrix<float> held_out;
void read_sensors(float* x);
void stop_machine();

namespace pump {
constexpr int features = 640;
bool is_anomaly(const float* x);
}  // namespace pump

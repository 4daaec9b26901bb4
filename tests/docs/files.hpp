#include <ae/ae.hpp>
#include <iostream>

// What the page speaks of: a model, samples, an activation of the reader's own, and what
// `export_header` writes.
extern ae::StackedAutoencoder<> model;
extern const ae::Matrix<float> x;
extern const bool again;
extern const ae::Detector detector;
extern const ae::Schema schema;

struct Softsign {};

namespace horses {
constexpr int features = 1024, code_size = 150;
void encode(const float* x, float* code);
void decode(const float* code, float* y);
void reconstruct(const float* x, float* y);
double score(const float* x);
bool is_anomaly(const float* x);
constexpr double threshold = 1;
}  // namespace horses

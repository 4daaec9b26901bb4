// Prints what the headers of models.cpp make of some samples, to the last bit: on the host and on a
// device the same, which is what models.cpp expects.
#include "ad.hpp"
#include "decoder.hpp"
#include "encoder.hpp"
#include "logits.hpp"
#include "missing.hpp"
#include "tables.hpp"
#include "tanh_plain.hpp"

// Below, so that the headers have to bring what they need.
#include "board.hpp"
#include "numbers.hpp"

namespace {

float x[1000], y[1000];

template <class Function>
void show(const char* name, std::size_t inputs, std::size_t outputs, Function f) {
  for (unsigned sample = 0; sample < numbers::samples; ++sample) {
    numbers::draw(sample, x, inputs);
    f(x, y);
    numbers::show(name, sample, y, outputs, board::print);
  }
}

void show_scores(const char* name, std::size_t features, double (*score)(const float*)) {
  for (unsigned sample = 0; sample < numbers::samples; ++sample) {
    numbers::draw(sample, x, features);
    const double found = score(x);
    numbers::show(name, sample, &found, 1, board::print);
  }
}

/// Of a model whose activation is as the library of the processor has it.
bool is_close_to_table() {
  float other[tanh_plain::features];
  for (unsigned sample = 0; sample < 2; ++sample) {
    numbers::draw(sample, x, tanh_plain::features);
    tanh_plain::reconstruct(x, y);
    tables::reconstruct(x, other);
    for (std::size_t i = 0; i < tanh_plain::features; ++i) {
      if (!(std::fabs(y[i] - other[i]) < 0.01F)) return false;
    }
  }
  return true;
}

}  // namespace

#define SHOW(model)                                                                     \
  show(#model " code", model::features, model::code_size, model::encode);               \
  show(#model " reconstruction", model::features, model::features, model::reconstruct); \
  show_scores(#model " score", model::features, model::score)

int main() {
  SHOW(ad);
  SHOW(tables);
  SHOW(missing);
  SHOW(logits);
  show("encoder code", encoder::features, encoder::code_size, encoder::encode);
  show("decoder reconstruction", decoder::code_size, decoder::features, decoder::decode);
  numbers::draw(6, x, tables::features);
  const bool right = is_close_to_table() && tables::is_anomaly(x) && tables::threshold == 0.5;
  if (!right) board::print("FAILED\n");
  return right ? 0 : 1;
}

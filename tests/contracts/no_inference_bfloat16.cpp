// Must not compile, and one message must say why: only weights of float are kept in 16 bits.
#include "ae/autoencoder.hpp"
#include "ae/models/inference.hpp"

void use(const ae::StackedAutoencoder<double>& model) {
  ae::Inference<double, ae::Bfloat16> fast(model);
}

// Must not compile, and one message must say why: a model of double is none of float.
#include "ae/autoencoder.hpp"
#include "ae/models/inference.hpp"

void use(const ae::StackedAutoencoder<double>& model) {
  ae::Inference<float> fast(model);
}

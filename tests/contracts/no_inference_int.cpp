// Must not compile, and one message must say why: there is no model of int.
#include "ae/autoencoder.hpp"
#include "ae/models/inference.hpp"

void use(ae::Inference<int>::Workspace&);
void use(const ae::StackedAutoencoder<>& model) {
  ae::Inference<int> fast(model);
}

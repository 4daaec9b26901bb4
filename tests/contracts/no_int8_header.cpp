// Must not compile, and the message must say that a model of double has no weights of 8 bits.
#include "ae/autoencoder.hpp"
#include "ae/io/export_int8_header.hpp"

void use(const ae::StackedAutoencoder<double>& model, const ae::Matrix<double>& x) {
  ae::export_header(model, "model.hpp", ae::Int8Header{}, x);
}

#include <ae/autoencoder.hpp>
#include <ae/io/model_file.hpp>

int main() {
  const ae::StackedAutoencoder model({20, 12, 3});
  ae::save(model, "model.safetensors");
  return ae::load<ae::StackedAutoencoder<>>("model.safetensors").features() == 20 ? 0 : 1;
}

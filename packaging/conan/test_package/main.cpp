#include <ae/autoencoder.hpp>
#ifdef WITH_FILES
#include <ae/io/model_file.hpp>
#endif

int main() {
  const ae::Matrix<float> x = ae::Matrix<float>::Random(6, 40);
  ae::StackedAutoencoder model({6, 2});
  model.fit(x, {.epochs = 2, .batch_size = 10, .scaling = ae::Scaling::common});
#ifdef WITH_FILES
  ae::save(model, "model.safetensors");
  if (ae::load<ae::StackedAutoencoder<>>("model.safetensors").encode(x) != model.encode(x))
    return 1;
#endif
  return model.encode(x).rows() == 2 ? 0 : 1;
}

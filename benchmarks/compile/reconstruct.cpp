#include <ae/autoencoder.hpp>

int main() {
  const ae::Matrix<float> x = ae::Matrix<float>::Random(20, 500);
  const ae::StackedAutoencoder model({20, 12, 3});
  return model.reconstruct(x)(0, 0) > 2 ? 1 : 0;
}

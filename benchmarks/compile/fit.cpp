#include <ae/autoencoder.hpp>

int main() {
  const ae::Matrix<float> x = ae::Matrix<float>::Random(20, 500);
  ae::StackedAutoencoder model({20, 12, 3});
  model.fit(x, {.epochs = 2});
}

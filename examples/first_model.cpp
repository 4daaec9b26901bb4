// A first model: train it, turn samples into short codes, and turn the codes back into samples.

#include <ae/autoencoder.hpp>
#include <iostream>

int main() {
  // 500 samples of 20 numbers each. A sample is a column. All of them are mixtures of 3 hidden
  // columns, so 3 numbers are enough to describe one.
  const ae::Matrix<float> x = ae::Matrix<float>::Random(20, 3) * ae::Matrix<float>::Random(3, 500);

  // The encoder has layers of 20, 12 and 3 units; the decoder goes the same way back.
  ae::StackedAutoencoder model({20, 12, 3});

  // Networks learn best from numbers around zero. The scaling brings them there, and back again.
  const double before = model.evaluate(x);
  model.fit(x, {.epochs = 200,
                .batch_size = 50,
                .learning_rate = 3e-3,
                .schedule = ae::cosine(),
                .scaling = ae::Scaling::standard});
  const double after = model.evaluate(x);

  const ae::Matrix<float> codes = model.encode(x);      // 3 x 500
  const ae::Matrix<float> again = model.decode(codes);  // 20 x 500; reconstruct(x) does both steps

  std::cout << "mean squared error before training: " << before << ", after it: " << after << '\n'
            << "the code of the first sample: " << codes.col(0).transpose() << '\n';
  return after < before / 20 && again == model.reconstruct(x) ? 0 : 1;
}

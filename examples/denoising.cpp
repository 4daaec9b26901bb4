// A denoising autoencoder: it sees noisy samples, and learns to give the clean ones back.

#include <ae/autoencoder.hpp>
#include <iostream>

namespace {

// Waves of 32 points, each with a phase and a length of its own.
ae::Matrix<float> waves(ae::Index count) {
  const Eigen::ArrayXf place = Eigen::ArrayXf::LinSpaced(32, 0, 6);
  const Eigen::ArrayXXf random = Eigen::ArrayXXf::Random(2, count);
  ae::Matrix<float> x(32, count);
  for (ae::Index i = 0; i < count; ++i) {
    x.col(i) = ((1.5f + random(0, i) / 2) * place + 3 * random(1, i)).sin();
  }
  return x;
}

double mean_square(const ae::Matrix<float>& x) {
  return double(x.squaredNorm()) / static_cast<double>(x.size());
}

}  // namespace

int main() {
  const ae::Matrix<float> train = waves(2000), clean = waves(200);
  const ae::Matrix<float> noisy = clean + 0.5f * ae::Matrix<float>::Random(32, 200);

  // The noise is a part of the fit: it is drawn afresh in every step, and added to the input only.
  // Its deviation is that of uniform numbers from -0.5 to 0.5.
  ae::StackedAutoencoder model({32, 64, 16});
  model.fit(train,
            {.epochs = 40, .batch_size = 50, .learning_rate = 3e-3, .schedule = ae::cosine()},
            ae::GaussianNoise{0.29});

  // The waves that are cleaned here are not among those that it has learnt from.
  const double before = mean_square(noisy - clean);
  const double after = mean_square(model.reconstruct(noisy) - clean);
  std::cout << "mean squared error of noisy waves: " << before << ", of cleaned ones: " << after
            << '\n';
  return after < before / 3 ? 0 : 1;
}

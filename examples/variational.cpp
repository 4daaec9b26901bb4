// A variational autoencoder: codes that are drawn by chance become new samples like the data.

#include <ae/models/variational.hpp>
#include <iostream>

namespace {

// Points near the upper half of a circle of radius 2.
ae::Matrix<float> arc(ae::Index count) {
  const Eigen::ArrayXf angle = 1.5708f * (1 + Eigen::ArrayXf::Random(count));
  const Eigen::ArrayXf radius = 2 + 0.1f * Eigen::ArrayXf::Random(count);
  ae::Matrix<float> x(2, count);
  x.row(0) = radius * angle.cos();
  x.row(1) = radius * angle.sin();
  return x;
}

// How far points are from the circle, in the mean.
double distance(const ae::Matrix<float>& x) {
  return (x.colwise().norm().array() - 2).abs().mean();
}

}  // namespace

int main() {
  const ae::Matrix<float> x = arc(2000);

  // 2 numbers a point, a hidden layer, and a code of 1. Sigma says how exactly points are to be
  // given back.
  ae::VariationalAutoencoder model({2, 32, 1}, ae::GaussianLikelihood{.sigma = 0.1});
  model.set_scaler(ae::Scaler<float>::fit(x));
  model.fit(x, {.epochs = 60, .batch_size = 50, .learning_rate = 3e-3, .schedule = ae::cosine()},
            ae::GaussianKl{.warmup = 0.5});

  // Codes from the standard normal, decoded.
  const ae::Matrix<float> made = model.sample(500);
  const ae::Matrix<float> noise = 2 * ae::Matrix<float>::Random(2, 500);
  std::cout << "mean distance from the circle: new samples " << distance(made) << ", random points "
            << distance(noise) << '\n'
            << "evidence lower bound: " << model.evidence(x).lower_bound() << " nats a sample\n";
  return distance(made) < distance(noise) / 5 ? 0 : 1;
}

// Compiled twice, for two processors; LEARN is the name of its function.
#include "unit.hpp"

#include <ae/autoencoder.hpp>
#include <ae/core/file.hpp>

#ifdef SHARED
[[gnu::visibility("default")]]
#endif
Learnt
LEARN() {
  ae::Matrix<float> x(37, 60);
  for (ae::Index sample = 0; sample < x.cols(); ++sample)
    for (ae::Index i = 0; i < x.rows(); ++i) x(i, sample) = float((3 * i + 7 * sample) % 11);
  ae::StackedAutoencoder model({37, 19, 5});
  model.fit(
      x, {.epochs = 3, .batch_size = 25, .scaling = ae::Scaling::common, .validation_split = 0.2},
      ae::L2{1e-4});
  const ae::Matrix<float> sums = 2 * model.reconstruct(x) + x;  // Eigen's own functions
  const double error = model.evaluate(x) + (sums.colwise().norm().minCoeff() > 0 ? 0 : 1);
  return {error, reinterpret_cast<const void*>(&ae::read_file)};
}

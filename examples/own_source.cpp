// A source of your own: samples that are too many for a matrix, and are read or made when a batch
// asks for them.

#include <ae/autoencoder.hpp>
#include <ae/core/random.hpp>
#include <array>
#include <iostream>
#include <span>

// A million waves of 32 points, 128 MB as a matrix. None of them is kept.
class Waves {
 public:
  ae::Index features() const { return 32; }
  ae::Index samples() const { return 1'000'000; }

  // Writes the picked samples to the columns of x. Several threads may call it at once. Sample i
  // must be the same whenever it is asked for; its random numbers are therefore counted, and not
  // drawn one after the other.
  template <class Scalar>
  void read(std::span<const ae::Index> picks, Eigen::Ref<ae::Matrix<Scalar>> x) const {
    const Eigen::ArrayXd place = Eigen::ArrayXd::LinSpaced(32, 0, 6);
    for (std::size_t i = 0; i < picks.size(); ++i) {
      const double phase = random_.uniform(static_cast<std::uint64_t>(picks[i]), 0, 6.28);
      x.col(static_cast<ae::Index>(i)) = (place + phase).sin().matrix().cast<Scalar>();
    }
  }

 private:
  ae::Random random_{0, ae::Purpose::sample};
};

int main() {
  const Waves waves;
  ae::Matrix<float> some(32, 3);
  waves.read<float>(std::array<ae::Index, 3>{0, 500'000, 999'999}, some);

  // Every wave is a sum of one sine and one cosine, so a code of 2 numbers is enough.
  ae::StackedAutoencoder model({32, 16, 2});
  ae::FitOptions options{.epochs = 1, .batch_size = 100, .learning_rate = 3e-3};
  options.callbacks = {[](ae::Progress& at) { at.stop = at.step == 1000; }};  // enough for us
  model.fit(waves, options);

  const double error = double((model.reconstruct(some) - some).squaredNorm()) / 96;
  std::cout << "after 1,000 batches: mean squared error of three waves " << error << '\n';
  return error < 0.01 ? 0 : 1;
}

// Step 6, denoising: the network sees noisy pictures, and is asked for the clean ones.

#include <ae/autoencoder.hpp>
#include <ae/data/cifar.hpp>
#include <ae/data/metrics.hpp>
#include <iostream>

#include "lesson.hpp"

int main(int argc, char** argv) {
  const auto [train, test] = ae::cifar10::read_folder(lesson::pictures());
  const ae::Pictures learnt = train.only(ae::cifar10::horse).grayscale();
  const ae::Matrix<float> clean = test.only(ae::cifar10::horse).grayscale().matrix();

  // Noise of a deviation of 50 gray levels, which a picture hardly survives.
  const ae::GaussianNoise noise{50};
  ae::Matrix<float> noisy = clean;
  noise.corrupt(noisy, ae::Random(1, ae::Purpose::draw), 0);

  // The noise is a part of the fit: drawn anew in every step, and on the input only.
  ae::StackedAutoencoder model({1024, 300, 150});
  model.fit(learnt,
            {.epochs = lesson::epochs(argc, argv, 60),
             .batch_size = 150,
             .learning_rate = 1e-3,
             .schedule = ae::cosine(0.05),
             .scaling = ae::Scaling::common},
            noise, ae::RandomFlipAndShift{});

  const ae::Matrix<float> cleaned = model.reconstruct(noisy);
  const double before = ae::psnr(noisy, clean, 255).mean();
  const double after = ae::psnr(cleaned, clean, 255).mean();
  std::cout << "noisy: " << before << " dB, cleaned: " << after << " dB\n";

  ae::Matrix<float> sheet(1024, 30);
  sheet << noisy.leftCols(10), cleaned.leftCols(10), clean.leftCols(10);
  lesson::write_rows("denoising.png", sheet);
  return after > before ? 0 : 1;
}

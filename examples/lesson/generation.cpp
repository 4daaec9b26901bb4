// Step 7, generation: new pictures from codes that are drawn by chance.

#include <ae/data/cifar.hpp>
#include <ae/io/model_file.hpp>
#include <ae/models/variational.hpp>
#include <ae/parts/augmentation.hpp>
#include <iostream>

#include "lesson.hpp"

int main(int argc, char** argv) {
  const auto [train, test] = ae::cifar10::read_folder(lesson::pictures());
  const ae::Pictures horses = train.only(ae::cifar10::horse).grayscale();

  // The plain network of step 4 has codes like any numbers; what lies between them, it was never
  // asked for. Numbers of the same mean and deviation as its codes become no horse.
  const auto plain = ae::load<ae::StackedAutoencoder<>>(lesson::file("model.safetensors"));
  const ae::Matrix<float> codes = plain.encode(horses.matrix());
  const ae::Vector<float> mean = codes.rowwise().mean();
  const ae::Vector<float> deviation =
      (codes.colwise() - mean).rowwise().norm() / std::sqrt(float(codes.cols()));
  const ae::Random random(1, ae::Purpose::draw);
  std::uint64_t index = 0;
  ae::Matrix<float> drawn(codes.rows(), 10);
  for (float& number : drawn.reshaped()) number = static_cast<float>(random.normal(index++));
  drawn = (deviation.asDiagonal() * drawn).colwise() + mean;

  // A variational autoencoder learns codes that look like draws of the standard normal.
  ae::VariationalAutoencoder model({1024, 500, 250, 24}, ae::GaussianLikelihood{.sigma = 30});
  model.fit(horses,
            {.epochs = lesson::epochs(argc, argv, 60),
             .batch_size = 100,
             .learning_rate = 1e-3,
             .schedule = ae::cosine(0.05),
             .scaling = ae::Scaling::common},
            ae::RandomFlipAndShift{}, ae::GaussianKl{.warmup = 0.2});
  std::cout << "evidence lower bound of the test horses: "
            << model.evidence(test.only(ae::cifar10::horse).grayscale().matrix()).lower_bound()
            << " nats a picture\n";

  ae::Matrix<float> sheet(1024, 30);
  sheet << plain.decode(drawn), model.sample(20);
  lesson::write_rows("generation.png", sheet);
  return sheet.allFinite() ? 0 : 1;
}

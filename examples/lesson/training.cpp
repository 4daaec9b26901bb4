// Step 4, training: the network learns the horses, and we look at what it makes of some meanwhile.

#include <ae/autoencoder.hpp>
#include <ae/data/cifar.hpp>
#include <ae/io/model_file.hpp>
#include <iostream>

#include "lesson.hpp"

int main(int argc, char** argv) {
  const auto [train, test] = ae::cifar10::read_folder(lesson::pictures());
  const ae::Pictures horses = train.only(ae::cifar10::horse).grayscale();
  const ae::Matrix<float> some = test.only(ae::cifar10::horse).grayscale().matrix().leftCols(10);

  ae::StackedAutoencoder model({1024, 300, 150});

  // Ten test horses after so many epochs, a row each.
  ae::Matrix<float> sheet = some;
  const auto look = [&](ae::Progress& at) {
    const ae::Index epochs = at.epoch + 1;
    if (!at.epoch_ended || (epochs != 1 && epochs != 3 && epochs != 10 && epochs != 100)) return;
    std::cout << "epoch " << epochs << ": loss " << at.history.back().data_loss << ", penalty "
              << at.history.back().penalty << '\n';
    sheet.conservativeResize(Eigen::NoChange, sheet.cols() + 10);
    sheet.rightCols(10) = model.reconstruct(some);
  };

  const ae::FitOptions options{.epochs = lesson::epochs(argc, argv, 100),
                               .batch_size = 150,
                               .learning_rate = 2e-3,
                               .schedule = ae::cosine(0.05),
                               .scaling = ae::Scaling::common,
                               .callbacks = {look}};
  const ae::History history =
      model.fit(horses, options, ae::Adam{}, ae::L2{1e-4}, ae::RandomFlipAndShift{});

  ae::save(model, lesson::file("model.safetensors"));
  lesson::write_rows("training.png", sheet);
  return history.back().data_loss <= history.front().data_loss ? 0 : 1;
}

// Step 5, evaluation: the trained network and horses that it has never seen, beside PCA.

#include <ae/autoencoder.hpp>
#include <ae/data/cifar.hpp>
#include <ae/io/model_file.hpp>
#include <ae/models/pca.hpp>
#include <iostream>

#include "lesson.hpp"

int main() {
  const auto [train, test] = ae::cifar10::read_folder(lesson::pictures());
  const ae::Pictures learnt = train.only(ae::cifar10::horse).grayscale();
  const ae::Pictures unseen = test.only(ae::cifar10::horse).grayscale();

  // The file has sizes, weights and scaler: there is nothing to build, and nothing to initialise.
  const auto model = ae::load<ae::StackedAutoencoder<>>(lesson::file("model.safetensors"));
  const auto pca = ae::Pca<float>::fit(learnt, model.code_size());

  const ae::Matrix<float> x = unseen.matrix();
  const ae::Matrix<float> difference = x.colwise() - pca.mean();
  const double nothing =
      difference.cast<double>().squaredNorm() / static_cast<double>(difference.size());

  std::cout << "mean squared error a pixel of horses it has never seen\n"
            << "  the mean picture  " << nothing << '\n'
            << "  PCA               " << pca.evaluate(unseen) << '\n'
            << "  this network      " << model.evaluate(unseen)
            << " (of those it learnt: " << model.evaluate(learnt) << ")\n";

  const ae::Matrix<float> ten = x.leftCols(10);
  ae::Matrix<float> sheet(1024, 30);
  sheet << ten, model.reconstruct(ten), pca.reconstruct(ten);
  lesson::write_rows("evaluation.png", sheet);
  return model.evaluate(unseen) < nothing ? 0 : 1;
}

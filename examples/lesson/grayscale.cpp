// Step 2, grayscale: one number a pixel instead of three.

#include <ae/data/cifar.hpp>
#include <iostream>

#include "lesson.hpp"

int main() {
  const auto [train, test] = ae::cifar10::read_folder(lesson::pictures());
  const ae::Pictures horses = train.only(ae::cifar10::horse);

  const ae::Matrix<float> colour = horses.matrix();            // 3072 x 5000
  const ae::Matrix<float> gray = horses.grayscale().matrix();  // 1024 x 5000

  // The mean of red, green and blue. By hand it is the same:
  const ae::Matrix<float> by_hand =
      (colour.topRows(1024) + colour.middleRows(1024, 1024) + colour.bottomRows(1024)) / 3;

  std::cout << "a picture has " << gray.rows() << " numbers now, from " << gray.minCoeff() << " to "
            << gray.maxCoeff() << "; their mean is " << gray.mean() << '\n';
  lesson::write_rows("grayscale.png", gray.leftCols(10));
  return by_hand.isApprox(gray) ? 0 : 1;
}

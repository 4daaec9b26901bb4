// Step 1, the data: what CIFAR-10's files hold, and the horses among it.

#include <ae/data/cifar.hpp>
#include <iostream>

#include "lesson.hpp"

int main() {
  const auto [train, test] = ae::cifar10::read_folder(lesson::pictures());
  const ae::Pictures horses = train.only(ae::cifar10::horse);
  std::cout << train.samples() << " pictures to learn from, " << horses.samples()
            << " of them horses; a picture is " << horses.features() << " numbers\n";

  // A sample is a column: 1,024 numbers of red, then as many of green and of blue.
  const ae::Matrix<float> x = horses.matrix();  // 3072 x 5000, from 0 to 255
  const auto ten = x.leftCols(10);

  ae::Matrix<float> planes(1024, 30);
  planes << ten.topRows(1024), ten.middleRows(1024, 1024), ten.bottomRows(1024);
  lesson::write_rows("data.png", planes);
  return x.minCoeff() >= 0 && x.maxCoeff() <= 255 ? 0 : 1;
}

#include "ae/parts/dropout.hpp"

#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("the share that is dropped is the probability, and the mean stays") {
  Matrix<double> mask(300, 400);
  ae::Dropout{0.3}.draw(mask, ae::Random(1, ae::Purpose::drop));
  CHECK((mask.array() == 0).cast<double>().mean() == doctest::Approx(0.3).epsilon(0.02));
  CHECK(mask.maxCoeff() == 1 / 0.7);
  CHECK(mask.mean() == doctest::Approx(1).epsilon(0.02));
}

TEST_CASE("a unit is dropped for a whole batch, if so wanted") {
  Matrix<float> mask(50, 6);
  ae::Dropout{.probability = 0.5, .whole_batch = true}.draw(mask, ae::Random(1, ae::Purpose::drop));
  for (const auto& column : mask.colwise()) CHECK(column == mask.col(0));
  CHECK((mask.col(0).array() == 0).any());
}

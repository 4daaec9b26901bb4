#include "ae/parts/corruption.hpp"

#include "support/expect.hpp"

using ae::Matrix;
using ae::Random;

namespace {

const Random draws(5, ae::Purpose::corrupt, 2);

/// What becomes of 400 x 500 values of 7.
template <class Corruption>
Matrix<double> corrupted(const Corruption& corruption) {
  Matrix<double> x = Matrix<double>::Constant(400, 500, 7);
  corruption.corrupt(x, draws, 0);
  return x;
}

double share(const Matrix<double>& x, double value) {
  return (x.array() == value).cast<double>().mean();
}

}  // namespace

TEST_CASE("Gaussian noise has mean zero and the deviation asked for") {
  const Matrix<double> noise = corrupted(ae::GaussianNoise{3}).array() - 7;
  CHECK(std::abs(noise.mean()) < 0.03);
  CHECK(noise.squaredNorm() / 200000 == doctest::Approx(9).epsilon(0.02));
  CHECK(corrupted(ae::GaussianNoise{0}) == Matrix<double>::Constant(400, 500, 7));
}

TEST_CASE("masking takes its share") {
  const Matrix<double> x = corrupted(ae::Masking{.probability = 0.3, .value = -1});
  CHECK(share(x, -1) == doctest::Approx(0.3).epsilon(0.02));
  CHECK(share(x, 7) == 1 - share(x, -1));
  CHECK(share(corrupted(ae::Masking{1}), 0) == 1);
  CHECK(share(corrupted(ae::Masking{0}), 7) == 1);
}

TEST_CASE("salt and pepper come in equal parts") {
  const Matrix<double> x = corrupted(ae::SaltAndPepper{.probability = 0.2});
  CHECK(share(x, 0) == doctest::Approx(0.1).epsilon(0.03));
  CHECK(share(x, 255) == doctest::Approx(0.1).epsilon(0.03));
}

TEST_CASE("a batch in parts is corrupted as in one") {
  Matrix<double> whole = Matrix<double>::Zero(5, 6), parts = whole;
  const auto each = [&](const auto& corruption) {
    corruption.corrupt(whole, draws, 0);
    corruption.corrupt(parts.leftCols(2), draws, 0);
    corruption.corrupt(parts.rightCols(4), draws, 10);
    CHECK(whole == parts);
  };
  each(ae::GaussianNoise{1});
  each(ae::Masking{.probability = 0.5, .value = 3});
  each(ae::SaltAndPepper{0.5});
}

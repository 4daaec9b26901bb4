#include "ae/detail/training/feeder.hpp"

#include "ae/parts/augmentation.hpp"
#include "ae/parts/corruption.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE("input and target are augmented alike, the input alone is corrupted, both are scaled") {
  Matrix<double> x(2, 40);
  for (auto column : x.colwise()) column << 1, 2;
  const ae::detail::MatrixSource<double> source(x);
  const ae::detail::Subset<ae::detail::MatrixSource<double>> data =
      ae::detail::split(source, 0, 0).train;
  const ae::Scaler<double> scaler(ae::Vector<double>::Zero(2), 2);
  const ae::detail::FitParts parts(ae::RandomFlipAndShift{2}, ae::Masking{0.5});
  std::vector<Index> picks(40);
  for (std::size_t i = 0; i < 40; ++i) picks[i] = static_cast<Index>(i);
  const ae::FitOptions options{.sample_weights = std::vector<double>(40, 3.0)};
  ae::detail::Feeder<double, ae::detail::MatrixSource<double>, std::decay_t<decltype(parts)>>
      feeder(data, scaler, options, parts);
  const auto batch = feeder.load(picks, 5, 1);
  int mirrored = 0, masked = 0;
  for (Index i = 0; i < 40; ++i) {
    mirrored += batch.target(0, i) == 1;
    CHECK(batch.target.col(i).sum() == 1.5);
    for (Index row = 0; row < 2; ++row) {
      masked += batch.x(row, i) == 0;
      CHECK((batch.x(row, i) == 0 || batch.x(row, i) == batch.target(row, i)));
    }
  }
  CHECK(mirrored > 8);
  CHECK(mirrored < 32);
  CHECK(masked > 20);
  CHECK(masked < 60);
  CHECK((*batch.weights)[7] == 3);
  const Matrix<double> first = batch.x;
  CHECK(Matrix<double>(feeder.load(picks, 5, 1).x) == first);
  CHECK(Matrix<double>(feeder.load(picks, 6, 1).x) != first);
}

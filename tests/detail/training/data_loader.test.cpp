#include "ae/detail/training/data_loader.hpp"

#include "ae/parts/augmentation.hpp"
#include "ae/parts/corruption.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE("input and target are augmented alike, the input alone is corrupted, both are scaled") {
  Matrix<double> x(2, 40);
  for (auto column : x.colwise()) column << 1, 2;
  const ae::detail::MatrixSource<double> source(x);
  const ae::detail::SourceRef<double> all(source);
  const auto data = ae::detail::split(all, 0, 0).train;
  const ae::Scaler<double> scaler(ae::Vector<double>::Zero(2), 2);
  const ae::detail::FitParts parts(ae::RandomFlipAndShift{2}, ae::Masking{0.5});
  std::vector<Index> picks(40);
  for (std::size_t i = 0; i < 40; ++i) picks[i] = static_cast<Index>(i);
  const ae::FitOptions options{.sample_weights = std::vector<double>(40, 3.0)};
  const auto typed = ae::detail::typed_parts<double>(parts);
  ae::detail::DataLoader<double> loader(data, scaler, options, *typed);
  const auto batch = loader.load(picks, 5, 1);
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
  CHECK((*batch.sample_weights)[7] == 3);
  const Matrix<double> first = batch.x;
  CHECK(Matrix<double>(loader.load(picks, 5, 1).x) == first);
  CHECK(Matrix<double>(loader.load(picks, 6, 1).x) != first);
}

TEST_CASE("samples come in the order of the picks, scaled") {
  const Matrix<double> x = Matrix<double>::Random(3, 40);
  const ae::detail::MatrixSource<double> source(x);
  const ae::detail::SourceRef<double> all(source);
  const auto data = ae::detail::split(all, 0, 0).train;
  const ae::Scaler<double> scaler(ae::Vector<double>::Constant(3, 1), 2);
  const ae::FitOptions options;
  const auto parts = ae::detail::typed_parts<double>(ae::detail::FitParts());
  ae::detail::DataLoader<double> loader(data, scaler, options, *parts);
  std::vector<Index> picks;
  for (Index i = 39; i >= 0; --i) picks.push_back(i);
  const auto batch = loader.load(picks, 0, 0);
  for (Index i = 0; i < 40; ++i) {
    CHECK(batch.x.col(i) == (x.col(39 - i).array() - 1).matrix() / 2);
    CHECK(batch.samples[static_cast<std::size_t>(i)] == 39 - i);
  }
}

namespace {

/// Throws for one sample.
struct Broken {
  Index features() const { return 3; }
  Index samples() const { return 40; }
  void read(std::span<const Index> picks, ae::MatrixRef<double> x) const {
    x.setZero();
    for (const Index pick : picks) {
      if (pick == 16) throw ae::ShapeError("no");
    }
  }
};

}  // namespace

TEST_CASE("what a thread throws arrives") {
  const Broken source;
  const ae::detail::SourceRef<double> all(source);
  const auto data = ae::detail::split(all, 0, 0).train;
  const ae::Scaler<double> scaler;
  const ae::FitOptions options;
  const auto parts = ae::detail::typed_parts<double>(ae::detail::FitParts());
  ae::detail::DataLoader<double> loader(data, scaler, options, *parts);
  std::vector<Index> picks;
  for (Index i = 0; i < 40; ++i) picks.push_back(i);
  CHECK_THROWS_AS(loader.load(picks, 0, 0), ae::ShapeError);
}

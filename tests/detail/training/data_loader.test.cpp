#include "ae/detail/training/data_loader.hpp"

#include <atomic>
#include <chrono>
#include <limits>
#include <numeric>
#include <thread>

#include "ae/parts/augmentation.hpp"
#include "ae/parts/corruption.hpp"
#include "support/allocations.hpp"
#include "support/expect.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

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
  CHECK(batch.sample_weights[7] == 3);
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

TEST_CASE("a short last batch allocates nothing, with all that a batch may have") {
  Matrix<double> x = Matrix<double>::Random(20, 50);
  x(3, 4) = std::numeric_limits<double>::quiet_NaN();
  const ae::detail::MatrixSource<double> source(x);
  const ae::detail::SourceRef<double> all(source);
  const auto data = ae::detail::split(all, 0, 0).train;
  ae::Scaler<double> scaler;
  scaler.set_missing(ae::Missing::allowed);
  const ae::FitOptions options{.sample_weights = std::vector<double>(50, 2.0)};
  const auto parts = ae::detail::typed_parts<double>(ae::detail::FitParts(ae::Masking{0.5}));
  ae::detail::DataLoader<double> loader(data, scaler, options, *parts);
  std::vector<Index> picks(30);
  std::iota(picks.begin(), picks.end(), Index{0});
  loader.load(picks, 0, 0);
  const long before = allocations();
  Eigen::internal::set_is_malloc_allowed(false);
  const auto batch = loader.load(std::span(picks).first(7), 1, 0.5);
  const bool missing = batch.present(3, 4) == 0 && batch.present.sum() == 7 * 20 - 1;
  const Index columns = batch.x.cols() + batch.target.cols() + batch.present.cols();
  const std::size_t weights = batch.sample_weights.size();
  loader.load(picks, 2, 1);
  Eigen::internal::set_is_malloc_allowed(true);
  CHECK(allocations() == before);
  CHECK(missing);
  CHECK(columns == 3 * 7);
  CHECK(weights == 7);
}

#ifdef _OPENMP

namespace {

/// Waits a little for a second thread to read too, and notes how often each sample is read.
struct Shared {
  Matrix<double> x;
  mutable std::vector<std::atomic<int>> reads;
  mutable std::atomic<int> inside = 0, most = 0;

  explicit Shared(Matrix<double> values)
      : x(std::move(values)), reads(static_cast<std::size_t>(x.cols())) {}

  Index features() const { return x.rows(); }
  Index samples() const { return x.cols(); }
  void read(std::span<const Index> picks, ae::MatrixRef<double> to) const {
    const int now = ++inside;
    most = std::max(most.load(), now);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
    while (most < 2 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    for (std::size_t i = 0; i < picks.size(); ++i) {
      ++reads[static_cast<std::size_t>(picks[i])];
      to.col(static_cast<Index>(i)) = x.col(picks[i]);
    }
    --inside;
  }
};

}  // namespace

TEST_CASE("a batch that several threads read is that of one, and each sample is read once") {
  const int before = omp_get_max_threads();
  const Shared source(Matrix<double>::Random(1000, 64));
  const ae::detail::SourceRef<double> all(source);
  const auto data = ae::detail::split(all, 0, 0).train;
  const ae::Scaler<double> scaler(ae::Vector<double>::Constant(1000, 1), 2);
  const ae::FitOptions options;
  const auto parts = ae::detail::typed_parts<double>(
      ae::detail::FitParts(ae::RandomFlipAndShift{25}, ae::GaussianNoise{0.5}));
  std::vector<Index> picks(64);
  std::iota(picks.rbegin(), picks.rend(), Index{0});
  Matrix<double> x[2], target[2];
  for (const int threads : {4, 1}) {
    omp_set_num_threads(threads);
    ae::detail::DataLoader<double> loader(data, scaler, options, *parts);
    const auto batch = loader.load(picks, 7, 0);
    x[threads / 4] = batch.x;
    target[threads / 4] = batch.target;
    if (threads == 4) CHECK(source.most > 1);
  }
  omp_set_num_threads(before);
  CHECK(x[0] == x[1]);
  CHECK(target[0] == target[1]);
  CHECK(x[0] != target[0]);
  for (const auto& count : source.reads) CHECK(count == 2);
}

#endif

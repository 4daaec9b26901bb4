#include "ae/models/inference.hpp"

#include <thread>

#include "support/allocations.hpp"
#include "support/expect.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

using ae::Bfloat16;
using ae::Float32;
using ae::Index;
using ae::Inference;
using ae::Matrix;
using ae::StackedAutoencoder;
using ae::Vector;

namespace {

StackedAutoencoder<float> trained() {
  std::srand(5);
  StackedAutoencoder model({400, 150, 20}, 2);
  const Matrix<float> x = (Matrix<float>::Random(400, 200).array() * 100 + 50).matrix();
  model.set_scaler(ae::Scaler<float>::fit(x));
  model.fit(x, {.epochs = 2});
  return model;
}

}  // namespace

TEST_CASE("one sample through the laid out weights is what the model makes of it") {
  const auto model = trained();
  const Inference fast(model);
  const Inference<Bfloat16> small(model);
  CHECK(fast.features() == 400);
  CHECK(fast.code_size() == 20);
  const Vector<float> x = Vector<float>::Random(400) * 100;
  Vector<float> y(400), rounded(400), code(20);
  Inference<>::Workspace workspace;
  fast.reconstruct(x, y, workspace);
  CHECK(y.isApprox(model.reconstruct(x), 1e-5f));
  fast.encode(x, code, workspace);
  CHECK(code.isApprox(model.encode(x), 1e-5f));
  Inference<Bfloat16>::Workspace half;
  small.reconstruct(x, rounded, half);
  CHECK((rounded - y).norm() < 0.02f * y.norm());
  CHECK(rounded != y);
}

TEST_CASE("vectors of another size are refused") {
  const Inference fast(trained());
  Inference<>::Workspace workspace;
  Vector<float> y(400), code(19);
  CHECK(says(
      message_of<ae::ShapeError>([&] { fast.reconstruct(Vector<float>::Zero(399), y, workspace); }),
      "400", "399"));
  CHECK(says(
      message_of<ae::ShapeError>([&] { fast.encode(Vector<float>::Zero(400), code, workspace); }),
      "20", "19"));
}

TEST_CASE_TEMPLATE("nothing is allocated for a sample after the first", Format, Float32, Bfloat16) {
  const auto model = trained();
  const Inference<Format> fast(model);
  const Vector<float> x = Vector<float>::Random(400);
  Vector<float> y(400), code(20);
  typename Inference<Format>::Workspace workspace;
  ae::Workspace<float> whole, encoding;
  const auto all = [&] {
    fast.reconstruct(x, y, workspace);
    fast.encode(x, code, workspace);
    y = model.reconstruct(x, whole);
    code = model.encode(x, encoding);
  };
  all();
  const long before = allocations();
  Eigen::internal::set_is_malloc_allowed(false);
  all();
  Eigen::internal::set_is_malloc_allowed(true);
  CHECK(allocations() == before);
}

TEST_CASE("one object serves many threads, with the same bits for any number of them") {
  const auto model = trained();
  const Inference fast(model);
  const Vector<float> x = Vector<float>::Random(400);
  std::array<Vector<float>, 4> found;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < found.size(); ++i) {
      threads.emplace_back([&, i] {
#ifdef _OPENMP
        omp_set_num_threads(static_cast<int>(i) + 1);
#endif
        Inference<>::Workspace workspace;
        found[i].resize(400);
        fast.reconstruct(x, found[i], workspace);
      });
    }
  }
  for (const auto& y : found) CHECK(y == found[0]);
}

#include "ae/models/inference.hpp"

#include <thread>

#include "ae/autoencoder.hpp"
#include "ae/models/variational.hpp"
#include "ae/tools/anomaly.hpp"
#include "support/allocations.hpp"
#include "support/expect.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

using ae::Bfloat16;
using ae::FullPrecision;
using ae::Index;
using ae::Inference;
using ae::Int8;
using ae::Matrix;
using ae::StackedAutoencoder;
using ae::Vector;

namespace {

StackedAutoencoder<float> trained() {
  std::srand(5);
  StackedAutoencoder model({800, 300, 20}, 2);
  const Matrix<float> x = (Matrix<float>::Random(800, 200).array() * 100 + 50).matrix();
  model.set_scaler(ae::Scaler<float>::fit(x));
  model.fit(x, {.epochs = 2});
  return model;
}

}  // namespace

TEST_CASE("one sample through the laid out weights is what the model makes of it") {
  const auto model = trained();
  const Inference fast(model);
  const Inference<float, Bfloat16> small(model);
  CHECK(fast.features() == 800);
  CHECK(fast.code_size() == 20);
  const Vector<float> x = Vector<float>::Random(800) * 100;
  Vector<float> y(800), rounded(800), code(20);
  Inference<>::Workspace workspace;
  fast.reconstruct(x, y, workspace);
  CHECK(y.isApprox(model.reconstruct(x), 1e-5f));
  fast.encode(x, code, workspace);
  CHECK(code.isApprox(model.encode(x), 1e-5f));
  Inference<float, Bfloat16>::Workspace half;
  small.reconstruct(x, rounded, half);
  CHECK((rounded - y).norm() < 0.02f * y.norm());
  CHECK(rounded != y);
  const Inference<float, Int8> smaller(model);
  Inference<float, Int8>::Workspace bytes;
  smaller.reconstruct(x, rounded, bytes);
  CHECK((rounded - y).norm() < 0.02f * y.norm());
}

TEST_CASE("vectors of another size are refused") {
  const Inference fast(trained());
  Inference<>::Workspace workspace;
  Vector<float> y(800), code(19);
  CHECK(says(
      message_of<ae::ShapeError>([&] { fast.reconstruct(Vector<float>::Zero(799), y, workspace); }),
      "800", "799"));
  CHECK(says(
      message_of<ae::ShapeError>([&] { fast.encode(Vector<float>::Zero(800), code, workspace); }),
      "20", "19"));
}

TEST_CASE_TEMPLATE("nothing is allocated for a sample after the first", Format, FullPrecision,
                   Bfloat16, Int8) {
  const auto model = trained();
  const Inference<float, Format> fast(model);
  const Vector<float> x = Vector<float>::Random(800);
  Vector<float> y(800), code(20);
  typename Inference<float, Format>::Workspace workspace;
  ae::Workspace<float> whole, encoding;
  const auto all = [&] {
    fast.reconstruct(x, y, workspace);
    fast.encode(x, code, workspace);
    fast.decode(code, y, workspace);
    y[0] = static_cast<float>(fast.score(x, workspace));
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
  const Vector<float> x = Vector<float>::Random(800);
  std::array<Vector<float>, 4> found;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < found.size(); ++i) {
      threads.emplace_back([&, i] {
#ifdef _OPENMP
        omp_set_num_threads(static_cast<int>(i) + 1);
#endif
        Inference<>::Workspace workspace;
        found[i].resize(800);
        fast.reconstruct(x, found[i], workspace);
      });
    }
  }
  for (const auto& y : found) CHECK(y == found[0]);
}

TEST_CASE_TEMPLATE("models of every kind and type are laid out", Scalar, float, double) {
  const Scalar error = std::is_same_v<Scalar, float> ? Scalar(1e-5) : Scalar(1e-13);
  const Matrix<Scalar> x = (Matrix<Scalar>::Random(90, 30).array() + 1) / 2;
  const auto agrees = [&](auto model) {
    model.set_scaler(ae::Scaler<Scalar>(Vector<Scalar>::Constant(90, Scalar(0.1)), 2));
    const Inference fast(model);
    static_assert(std::is_same_v<decltype(fast), const Inference<Scalar>>);
    CHECK(fast.code_size() == 7);
    typename Inference<Scalar>::Workspace workspace;
    Vector<Scalar> y(90), code(7);
    const Vector<Scalar> one = x.col(3);
    fast.encode(one, code, workspace);
    CHECK(code.isApprox(model.encode(one), error));
    fast.decode(code, y, workspace);
    CHECK(y.isApprox(model.decode(code), error));
    fast.reconstruct(one, y, workspace);
    CHECK(y.isApprox(model.reconstruct(one), error));
  };
  agrees(StackedAutoencoder<Scalar>({90, 40, 7}, 1));
  agrees(StackedAutoencoder(ae::Dense<Scalar, ae::Tanh>(90, 7), ae::Dense<Scalar>(7, 90)));
  const auto variational = [](auto likelihood) {
    return ae::VariationalAutoencoder<Scalar, decltype(likelihood)>({90, 40, 7}, likelihood, 4);
  };
  agrees(variational(ae::GaussianLikelihood{}));
  agrees(variational(ae::BernoulliLikelihood{}));  // whose output is a probability
}

TEST_CASE_TEMPLATE("a workspace of a smaller model grows, one of a larger model stays", Format,
                   FullPrecision, Bfloat16, Int8) {
  using Fast = Inference<float, Format>;
  const StackedAutoencoder small({20, 3}, 1), large({700, 300, 200, 50}, 2);
  const Fast on_small(small), on_large(large);
  typename Fast::Workspace used, fresh;
  const auto reconstructed = [](const Fast& fast, typename Fast::Workspace& workspace) {
    const Vector<float> x = Vector<float>::LinSpaced(fast.features(), -1, 1);
    Vector<float> y(fast.features()), code(fast.code_size()), decoded(fast.features());
    fast.encode(x, code, workspace);
    fast.decode(code, decoded, workspace);
    fast.reconstruct(x, y, workspace);
    CHECK(decoded == y);
    return y;
  };
  const Vector<float> one = reconstructed(on_small, used);
  CHECK(reconstructed(on_large, used) == reconstructed(on_large, fresh));
  Vector<float> y(20);
  const Vector<float> x = Vector<float>::LinSpaced(20, -1, 1);
  const long before = allocations();
  on_small.reconstruct(x, y, used);
  CHECK(allocations() == before);
  CHECK(y == one);
}

TEST_CASE("the number of threads can be chosen, and changes no bit") {
  const auto model = trained();
  const Vector<float> x = Vector<float>::Random(800);
  Vector<float> one(800), many(800);
  Inference<>::Workspace workspace;
  Inference(model, 1).reconstruct(x, one, workspace);
  Inference(model, 3).reconstruct(x, many, workspace);
  CHECK(one == many);
  CHECK(says(message_of<ae::OptionError>([&] { Inference(model, -1); }), "at least 0 threads",
             "found -1"));
}

TEST_CASE_TEMPLATE("a score is the library's, whatever scales and is missing", Scalar, float,
                   double) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const Vector<Scalar> sizes = Vector<Scalar>::LinSpaced(20, -3, 3).array().exp();
  Matrix<Scalar> x = Matrix<Scalar>::Random(20, 100).array() + 2;
  x.array().colwise() *= sizes.array();
  StackedAutoencoder<Scalar> model({20, 9, 4}, 1);
  const auto agrees = [&] {
    ae::calibrate(model, x, 0.905);
    const Inference fast(model);
    CHECK(fast.threshold() == model.threshold());
    typename Inference<Scalar>::Workspace workspace;
    const Vector<double> scores = ae::score(model, x);
    const auto odd = ae::anomalies(model, x);
    CHECK(odd.count() == 10);
    for (Index j = 0; j < x.cols(); ++j) {
      const Vector<Scalar> one = x.col(j);
      CHECK(fast.score(one, workspace) == doctest::Approx(scores[j]).epsilon(1e-5));
      CHECK(fast.is_anomaly(one, workspace) == odd[j]);
    }
  };
  agrees();
  model.set_scaler(ae::Scaler<Scalar>::fit(x));
  agrees();
  for (const auto missing : {ae::Missing::refused, ae::Missing::allowed}) {
    for (const auto scaling : {ae::Scaling::common, ae::Scaling::standard}) {
      if (missing == ae::Missing::allowed) x(7, 50) = x(3, 60) = x(4, 60) = Scalar(nan);
      model.set_scaler(ae::Scaler<Scalar>::fit(x, scaling, missing));
      agrees();
    }
  }
  ae::Scaler<Scalar> none;
  none.set_missing(ae::Missing::allowed);
  model.set_scaler(none);
  agrees();
}

TEST_CASE("what is not finite is odd, and only a value that may be missing is missing") {
  const Vector<float> x = Vector<float>::Random(20);
  StackedAutoencoder<float, ae::Stack<float, ae::Tanh>> model({20, 9, 4}, 1);
  Inference<>::Workspace workspace;
  CHECK(says(message_of<ae::OptionError>([&] { Inference(model).is_anomaly(x, workspace); }),
             "is_anomaly: expected a model with a threshold"));
  CHECK(says(message_of<ae::ShapeError>(
                 [&] { Inference(model).score(Vector<float>::Zero(19), workspace); }),
             "score", "20", "19"));
  model.set_threshold(1000);
  ae::Scaler<float> scaler;
  for (const auto missing : {ae::Missing::refused, ae::Missing::allowed}) {
    scaler.set_missing(missing);
    model.set_scaler(scaler);
    const Inference fast(model);
    CHECK_FALSE(fast.is_anomaly(x, workspace));
    for (const float bad : {std::nanf(""), HUGE_VALF, -HUGE_VALF}) {
      CAPTURE(bad);
      Vector<float> other = x;
      other[4] = bad;
      const bool taken = missing == ae::Missing::allowed && std::isnan(bad);
      CHECK(fast.is_anomaly(other, workspace) != taken);
      CHECK(std::isfinite(fast.score(other, workspace)) == taken);
      other.setConstant(bad);
      CHECK(fast.is_anomaly(other, workspace));
    }
  }
}

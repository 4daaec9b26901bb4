#include "ae/models/pca.hpp"

#include <Eigen/Eigenvalues>

#include "ae/data/cifar.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::Pca;

namespace {

constexpr Index features = 6;
constexpr Index samples = 300;

/// Normal numbers mixed with each other, so that the features hang together, around a mean.
Matrix<double> data() {
  const ae::Random random(1, ae::Purpose::draw);
  const Matrix<double> independent =
      Matrix<double>::NullaryExpr(features, samples, [&](Index row, Index col) {
        return random.normal(static_cast<std::uint64_t>(row + features * col));
      });
  const Matrix<double> mix = Matrix<double>::NullaryExpr(features, features, [](Index i, Index j) {
    return 1.0 / static_cast<double>(1 + i + 2 * j);
  });
  return (mix * independent).array() + 3;
}

Matrix<double> covariance(const Matrix<double>& x) {
  const Matrix<double> centred = x.colwise() - x.rowwise().mean();
  return centred * centred.transpose() / static_cast<double>(x.cols());
}

/// In ascending order.
ae::Vector<double> eigenvalues(const Matrix<double>& x) {
  return Eigen::SelfAdjointEigenSolver<Matrix<double>>(covariance(x)).eigenvalues();
}

template <class Scalar>
double distance_from_orthonormal(const Matrix<Scalar>& columns) {
  return static_cast<double>(
      (columns.transpose() * columns - Matrix<Scalar>::Identity(columns.cols(), columns.cols()))
          .cwiseAbs()
          .maxCoeff());
}

}  // namespace

TEST_CASE("principal components are orthonormal") {
  for (Index k = 1; k <= features; ++k) {
    CHECK(distance_from_orthonormal(Pca<double>::fit(data(), k).components()) < 1e-13);
    CHECK(distance_from_orthonormal(Pca<float>::fit(data(), k).components()) < 1e-6);
  }
}

TEST_CASE("principal components have sizes, and the mean of the data") {
  const auto pca = Pca<double>::fit(data(), 2);
  CHECK(pca.features() == features);
  CHECK(pca.code_size() == 2);
  CHECK(pca.components().rows() == features);
  CHECK(pca.components().cols() == 2);
  CHECK(pca.mean().isApprox(data().rowwise().mean(), 1e-13));
}

TEST_CASE("the first components are those of a smaller fit") {
  const auto all = Pca<double>::fit(data(), features);
  for (Index k = 1; k <= features; ++k) {
    const auto some = all.first(k), fitted = Pca<double>::fit(data(), k);
    CHECK(some.components() == fitted.components());
    CHECK(some.variances() == fitted.variances());
    CHECK(some.explained() == fitted.explained());
    CHECK(some.reconstruct(data()) == fitted.reconstruct(data()));
  }
}

TEST_CASE("more components than there are, or none, are refused") {
  const auto pca = Pca<double>::fit(data(), 2);
  for (const Index k : {Index{0}, Index{3}}) {
    CHECK(says(message_of<ae::ShapeError>([&] { pca.first(k); }), "from 1 to 2 components",
               ae::detail::text("found ", k)));
  }
}

TEST_CASE("the error at k components is the sum of the trailing eigenvalues over the features") {
  const Matrix<double> x = data();
  const ae::Vector<double> values = eigenvalues(x);
  for (Index k = 1; k < features; ++k) {
    const double expected = values.head(features - k).sum() / features;
    CHECK(Pca<double>::fit(x, k).evaluate(x) == doctest::Approx(expected).epsilon(1e-9));
    CHECK(Pca<float>::fit(x, k).evaluate(x) == doctest::Approx(expected).epsilon(1e-2));
  }
}

TEST_CASE("the codes are uncorrelated, the largest variance first") {
  const Matrix<double> codes = Pca<double>::fit(data(), features).encode(data());
  const Matrix<double> expected = eigenvalues(data()).reverse().asDiagonal();
  CHECK(covariance(codes).isApprox(expected, 1e-10));
}

TEST_CASE("the variances are the leading eigenvalues of the covariance") {
  const ae::Vector<double> values = eigenvalues(data());
  for (Index k = 1; k <= features; ++k) {
    const auto pca = Pca<double>::fit(data(), k);
    CHECK(pca.variances().isApprox(values.tail(k).reverse(), 1e-11));
    CHECK(pca.total_variance() == doctest::Approx(values.sum()));
    CHECK(pca.explained() == doctest::Approx(values.tail(k).sum() / values.sum()));
    CHECK(pca.evaluate(data()) ==
          doctest::Approx((1 - pca.explained()) * pca.total_variance() / features).epsilon(1e-9));
  }
}

TEST_CASE("constant data have no variance, and lose nothing") {
  const auto pca = Pca<float>::fit(Matrix<float>::Constant(3, 5, 2), 2);
  CHECK(pca.variances() == ae::Vector<double>::Zero(2));
  CHECK(pca.explained() == 1);
}

TEST_CASE("with as many components as features nothing is lost") {
  const auto pca = Pca<double>::fit(data(), features);
  CHECK(pca.evaluate(data()) < 1e-25);
  CHECK(pca.reconstruct(data()).isApprox(data(), 1e-12));
}

TEST_CASE("a reconstruction is a decoded code") {
  const auto pca = Pca<double>::fit(data(), 2);
  CHECK(pca.encode(data()).rows() == 2);
  CHECK(pca.reconstruct(data()) == pca.decode(pca.encode(data())));
}

TEST_CASE("the mean is its own reconstruction") {
  const auto pca = Pca<double>::fit(data(), 1);
  CHECK(pca.reconstruct(pca.mean()) == pca.mean());
}

TEST_CASE("one sample is its own mean") {
  const Matrix<double> one = data().leftCols(1);
  CHECK(Pca<double>::fit(one, 1).evaluate(one) < 1e-25);
}

TEST_CASE("a source of pictures has principal components too") {
  std::vector<std::uint8_t> bytes(1 + ae::Pictures::colour_values, 9);
  const auto pca = Pca<float>::fit(ae::Pictures(bytes, 1).grayscale(), 1);
  CHECK(pca.mean() == ae::Vector<float>::Constant(ae::Pictures::pixels, 9));
}

TEST_CASE("no samples have no principal components") {
  CHECK(says(message_of<ae::ShapeError>([] { Pca<>::fit(Matrix<float>(3, 0), 1); }), "pca",
             "at least one sample"));
}

TEST_CASE("less than one component, or more than features, are refused") {
  for (const Index k : {Index{0}, Index{-1}, features + 1}) {
    CHECK(says(message_of<ae::ShapeError>([&] { Pca<>::fit(data(), k); }), "from 1 to 6 components",
               ae::detail::text("found ", k)));
  }
}

TEST_CASE("samples of another number of features cannot be evaluated by principal components") {
  const auto pca = Pca<double>::fit(data(), 2);
  CHECK(says(message_of<ae::ShapeError>([&] { pca.evaluate(Matrix<double>::Zero(5, 3)); }),
             "6 features", "found 5"));
}

TEST_CASE("fewer samples than features have the components that the covariance has") {
  const Matrix<double> few =
      (Matrix<double>::Random(40, 3) * Matrix<double>::Random(3, 7)).array() + 2;
  Matrix<double> many(40, 70);  // the same covariance, from as many samples as it takes
  for (Index i = 0; i < 10; ++i) many.middleCols(7 * i, 7) = few;
  const auto by_samples = Pca<double>::fit(few, 3), by_covariance = Pca<double>::fit(many, 3);
  CHECK(by_samples.variances().isApprox(by_covariance.variances(), 1e-10));
  CHECK(by_samples.total_variance() == doctest::Approx(by_covariance.total_variance()));
  CHECK(by_samples.reconstruct(few).isApprox(few, 1e-10));
  const Matrix<double> both = by_samples.components().transpose() * by_covariance.components();
  CHECK(both.cwiseAbs().isApprox(Matrix<double>::Identity(3, 3), 1e-8));
}

TEST_CASE("components beyond the rank of the samples are orthonormal, with no variance") {
  const Matrix<double> few = Matrix<double>::Random(9, 4);
  const auto pca = Pca<double>::fit(few, 9);
  CHECK(distance_from_orthonormal(pca.components()) < 1e-12);
  CHECK(pca.variances().tail(6).maxCoeff() < 1e-15);
  CHECK(pca.reconstruct(few).isApprox(few, 1e-12));
  const auto constant = Pca<double>::fit(Matrix<double>::Ones(9, 4), 2);
  CHECK(distance_from_orthonormal(constant.components()) < 1e-12);
  CHECK(constant.total_variance() == 0);
}

TEST_CASE("a few samples of many features take a matrix of the samples alone") {
  const Matrix<float> wide = Matrix<float>::Random(100'000, 6);  // 80 GB as a covariance
  const auto pca = Pca<float>::fit(wide, 2);
  CHECK(pca.explained() > 0.3);
  CHECK(distance_from_orthonormal(pca.components()) < 1e-5);
}

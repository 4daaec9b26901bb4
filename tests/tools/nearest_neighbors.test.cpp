#include "ae/tools/nearest_neighbors.hpp"

#include <algorithm>

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::NearestNeighbors;

namespace {

double distance(const Matrix<double>& samples, const ae::Vector<double>& x, Index k) {
  ae::Vector<double> all = (samples.colwise() - x).colwise().norm();
  std::sort(all.begin(), all.end());
  return all[k - 1];
}

}  // namespace

TEST_CASE_TEMPLATE("distances are those of one sample after the other", Scalar, float, double) {
  for (const Index features : {1, 3, 40}) {
    const Matrix<Scalar> samples = Matrix<Scalar>::Random(features, 300);
    const Matrix<Scalar> x = Matrix<Scalar>::Random(features, 130);
    const NearestNeighbors<Scalar> neighbors(samples);
    for (const Index k : {1, 5, 300}) {
      const ae::Vector<double> found = neighbors.distances(x, k);
      for (Index j = 0; j < x.cols(); ++j) {
        CHECK(found[j] == doctest::Approx(distance(samples.template cast<double>(),
                                                   x.col(j).template cast<double>(), k))
                              .epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("a sample that is kept is its own nearest, far from zero, too") {
  const Matrix<float> samples = Matrix<float>::Random(4, 50).array() + 1000;
  const NearestNeighbors<float> neighbors(samples);
  CHECK(neighbors.distances(samples, 1).maxCoeff() == 0);
  CHECK(neighbors.samples() == samples);
}

TEST_CASE("no samples, other widths and neighbors that are not there are refused") {
  CHECK(says(message_of<ae::ShapeError>([] { NearestNeighbors<float>(Matrix<float>(3, 0)); }),
             "at least one sample"));
  CHECK(says(message_of<ae::DataError>(
                 [] { NearestNeighbors<float>(Matrix<float>::Constant(3, 2, std::nanf(""))); }),
             "expected finite samples"));
  const NearestNeighbors<float> neighbors(Matrix<float>::Random(3, 4));
  CHECK(says(message_of<ae::ShapeError>([&] { neighbors.distances(Matrix<float>(2, 1), 1); }),
             "3 values", "2 x 1"));
  for (const Index k : {0, 5}) {
    CHECK(says(message_of<ae::OptionError>([&] { neighbors.distances(Matrix<float>(3, 1), k); }),
               "from 1 to 4", ae::detail::text("found ", k)));
  }
}

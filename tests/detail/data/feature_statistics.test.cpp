#include "ae/detail/data/feature_statistics.hpp"

#include "support/expect.hpp"

using ae::Matrix;
using ae::detail::FeatureStatistics;
using ae::detail::MatrixSource;
using ae::detail::SourceRef;

namespace {

const double missing = std::numeric_limits<double>::quiet_NaN();

FeatureStatistics statistics(const Matrix<double>& x) {
  const MatrixSource<double> source(x);
  return {SourceRef<double>(source), true, "test"};
}

}  // namespace

TEST_CASE("what is missing has no part in the statistics of a feature") {
  Matrix<double> x(3, 4);
  x << 1, 2, missing, 6, missing, missing, missing, missing, 5, 5, 5, 5;
  const FeatureStatistics found = statistics(x);
  CHECK(found.count == ae::Vector<double>{{3, 0, 4}});
  CHECK(found.mean == ae::Vector<double>{{3, 0, 5}});
  CHECK(found.lowest == ae::Vector<double>{{1, 0, 5}});
  CHECK(found.highest == ae::Vector<double>{{6, 0, 5}});
  CHECK(found.squares == ae::Vector<double>{{14, 0, 0}});
  CHECK(found.deviations()[0] == doctest::Approx(std::sqrt(14.0 / 3)));
  CHECK(found.common_deviation() == doctest::Approx(std::sqrt(2.0)));
}

TEST_CASE("quartiles leave out what is missing, in chunks too") {
  Matrix<double> x = Matrix<double>::Constant(2, 1001, missing);
  for (ae::Index j = 0; j < 1001; j += 2) x(0, j) = static_cast<double>(j);
  const MatrixSource<double> source(x);
  const ae::detail::Quartiles<double> found{SourceRef<double>(source)};
  CHECK(found.median == ae::Vector<double>{{500, 0}});
  CHECK(found.deviations[0] == doctest::Approx(500 / 1.349));
  CHECK(found.deviations[1] == 0);
}

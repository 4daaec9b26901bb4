#include "ae/detail/data/source.hpp"

#include <array>
#include <numeric>

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::detail::MatrixSource;

namespace {

/// Column j holds 10 j, 10 j + 1, ...
template <class Scalar>
Matrix<Scalar> numbered(Index features, Index samples) {
  return Matrix<Scalar>::NullaryExpr(
      features, samples, [](Index row, Index col) { return static_cast<Scalar>(10 * col + row); });
}

/// All samples of a source, read at once.
template <class Scalar>
Matrix<Scalar> read_all(const ae::Source auto& source) {
  std::vector<Index> picks(static_cast<std::size_t>(source.samples()));
  std::iota(picks.begin(), picks.end(), Index{0});
  Matrix<Scalar> x(source.features(), source.samples());
  ae::MatrixRef<Scalar> view = x;
  source.read(std::span<const Index>(picks), view);
  return x;
}

}  // namespace

TEST_CASE("a matrix is a source of its columns") {
  const Matrix<float> matrix = numbered<float>(3, 8);
  const MatrixSource<float> source(matrix);
  CHECK(source.features() == 3);
  CHECK(source.samples() == 8);
  CHECK((read_all<float>(source) == matrix));
}

TEST_CASE("picked samples come in the order of the picks") {
  const Matrix<float> matrix = numbered<float>(2, 8);
  const std::array<Index, 4> picks{7, 0, 3, 0};
  Matrix<float> x(2, 4);
  MatrixSource<float>(matrix).read<float>(picks, x);
  CHECK((x == matrix(Eigen::all, picks)));
}

TEST_CASE("a source reads into any scalar type") {
  CHECK((read_all<double>(ae::detail::as_source(numbered<float>(3, 5))) == numbered<double>(3, 5)));
  CHECK((read_all<float>(ae::detail::as_source(numbered<double>(3, 5))) == numbered<float>(3, 5)));
}

TEST_CASE("a block is a source without a copy") {
  Matrix<double> matrix = numbered<double>(5, 6);
  const auto source = ae::detail::as_source(matrix.block(1, 2, 3, 4));
  matrix(1, 2) = -1;
  CHECK((read_all<double>(source)(0, 0) == -1));
}

TEST_CASE("a transposed matrix and a sum are sources too") {
  const Matrix<double> matrix = numbered<double>(40, 30);
  const auto transposed = ae::detail::as_source(matrix.transpose());
  const auto sum = ae::detail::as_source(matrix + matrix);
  CHECK((read_all<double>(transposed) == matrix.transpose()));
  CHECK((read_all<double>(sum) == 2 * matrix));
}

TEST_CASE("a source stays what it is") {
  const Matrix<float> matrix = numbered<float>(2, 2);
  const MatrixSource<float> source(matrix);
  CHECK(&ae::detail::as_source(source) == &source);
}

TEST_CASE("chunks hold every sample once, in file order") {
  for (const Index samples : {1, 255, 256, 257, 512, 600}) {
    CAPTURE(samples);
    const Matrix<float> matrix = numbered<float>(2, samples);
    Matrix<double> seen(2, 0);
    ae::detail::for_each_chunk<double>(MatrixSource<float>(matrix),
                                       [&](const auto& x, Index first) {
                                         REQUIRE(first == seen.cols());
                                         REQUIRE(x.cols() <= 256);
                                         seen.conservativeResize(2, first + x.cols());
                                         seen.rightCols(x.cols()) = x;
                                       });
    CHECK((seen == matrix.cast<double>()));
  }
}

TEST_CASE("no samples are no chunks") {
  int chunks = 0;
  ae::detail::for_each_chunk<float>(MatrixSource<float>(Matrix<float>(3, 0)),
                                    [&](const auto&, Index) { ++chunks; });
  CHECK(chunks == 0);
}

TEST_CASE("a source without samples is refused") {
  const Matrix<float> none(3, 0);
  const MatrixSource<float> source(none);
  CHECK(says(message_of<ae::ShapeError>([&] { ae::detail::require_samples(source, 3, "someone"); }),
             "someone", "at least one sample", "none"));
}

TEST_CASE("samples of another number of features are refused with both numbers") {
  const Matrix<float> three = numbered<float>(3, 2);
  const MatrixSource<float> source(three);
  CHECK_NOTHROW(ae::detail::require_samples(source, 3, "someone"));
  CHECK(says(message_of<ae::ShapeError>([&] { ae::detail::require_samples(source, 4, "someone"); }),
             "someone", "4 features", "found 3"));
}

TEST_CASE("samples that lie in rows are refused with the hint at the transpose") {
  const Matrix<double> rows = Matrix<double>::Zero(500, 20);
  const ae::detail::MatrixSource<double> source(rows);
  CHECK(says(message_of<ae::ShapeError>([&] { ae::detail::require_samples(source, 20, "fit"); }),
             "fit: expected samples of 20 features, found 500", "the transpose"));
  CHECK(says(message_of<ae::ShapeError>([&] { ae::detail::require_rows(rows, 20, "encode"); }),
             "found 500 x 20", "the transpose"));
  const std::string other =
      message_of<ae::ShapeError>([&] { ae::detail::require_samples(source, 30, "fit"); });
  CHECK(other.find("transpose") == std::string::npos);
}

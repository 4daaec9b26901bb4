#include "ae/detail/core/padded_matrix.hpp"

#include <utility>

#include "support/expect.hpp"

using ae::Index;

TEST_CASE_TEMPLATE("columns are whole cache lines apart, and not whole pages", Scalar, float,
                   double) {
  constexpr auto size = static_cast<Index>(sizeof(Scalar));
  for (const Index rows : {1, 15, 16, 17, 300, 512, 1000, 1024, 2048}) {
    ae::detail::PaddedMatrix<Scalar> padded;
    padded.resize(rows, 3);
    const auto view = padded.view();
    CHECK(view.rows() == rows);
    CHECK(view.cols() == 3);
    CHECK(view.outerStride() >= rows);
    CHECK(view.outerStride() * size % 64 == 0);
    CHECK(view.outerStride() * size % 4096 != 0);
  }
}

TEST_CASE("room for more columns stays, and numbers with it") {
  ae::detail::PaddedMatrix<double> padded;
  CHECK(padded.rows() == 0);
  padded.resize(0, 8);
  CHECK(padded.view().cols() == 8);
  padded.resize(5, 8);
  padded.view().setConstant(3);
  const double* first = padded.view().data();
  padded.resize(5, 2);
  CHECK(padded.view().cols() == 2);
  padded.resize(5, 8);
  CHECK(padded.view().data() == first);
  CHECK(std::as_const(padded).view().sum() == 120);
  padded.resize(0, 9);
  CHECK(padded.view().size() == 0);
  CHECK(padded.view().cols() == 9);
}

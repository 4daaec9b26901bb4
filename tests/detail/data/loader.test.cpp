#include "ae/detail/data/loader.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE("picked samples are changed in the units of the data, then scaled") {
  const Matrix<double> x = Matrix<double>::Random(3, 40);
  const ae::Scaler<double> scaler(ae::Vector<double>::Constant(3, 1), 2);
  std::vector<Index> picks;
  for (Index i = 39; i >= 0; --i) picks.push_back(i);
  Matrix<double> batch(3, 40);
  ae::detail::load_batch<double>(
      ae::detail::MatrixSource<double>(x), scaler, picks, batch,
      [](auto& part, Index first) { part.row(0).setConstant(static_cast<double>(first)); });
  for (Index i = 0; i < 40; ++i) {
    CHECK(batch(0, i) == (static_cast<double>(i / 8 * 8) - 1) / 2);
    CHECK(batch(1, i) == (x(1, 39 - i) - 1) / 2);
  }
}

TEST_CASE("what a thread throws arrives") {
  const Matrix<double> x = Matrix<double>::Random(3, 40);
  const std::vector<Index> picks(40, 0);
  Matrix<double> batch(3, 40);
  CHECK_THROWS_AS(ae::detail::load_batch<double>(ae::detail::MatrixSource<double>(x),
                                                 ae::Scaler<double>(), picks, batch,
                                                 [](auto&, Index first) {
                                                   if (first == 16) throw ae::ShapeError("no");
                                                 }),
                  ae::ShapeError);
}

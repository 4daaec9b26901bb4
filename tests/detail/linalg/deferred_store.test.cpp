#include "ae/detail/linalg/deferred_store.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE_TEMPLATE("a tile is stored column by column, and nothing beside it", Scalar, float,
                   double) {
  using B = ae::detail::Blocking<Scalar>;
  const Eigen::Matrix<Scalar, B::MR, B::NR> tile = Eigen::Matrix<Scalar, B::MR, B::NR>::Random();
  Matrix<Scalar> place = Matrix<Scalar>::Zero(B::MR + 3, B::NR + 2);
  const ae::detail::DeferredStore<Scalar> deferred(tile.data(), &place(1, 1), place.rows(),
                                                   B::NR - 1);
  deferred.store(2);
  Matrix<Scalar> expected = Matrix<Scalar>::Zero(place.rows(), place.cols());
  expected.block(1, 3, B::MR, 1) = tile.col(2);
  CHECK(place == expected);
  deferred.store();
  deferred.store(B::NR - 1);
  expected.block(1, 1, B::MR, B::NR - 1) = tile.leftCols(B::NR - 1);
  CHECK(place == expected);
  ae::detail::DeferredStore<Scalar>().store();
}

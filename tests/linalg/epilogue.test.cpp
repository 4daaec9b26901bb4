#include "ae/linalg/epilogue.hpp"

#include "support/expect.hpp"

using ae::Matrix;
using ae::Range;

TEST_CASE("columns of a tile come with the same place in other matrices") {
  const Matrix<float> tile = Matrix<float>::Constant(3, 2, 5);
  Matrix<float> sums = Matrix<float>::Zero(9, 6);
  const Matrix<float> weights = Matrix<float>::Random(9, 6);
  const auto add = [](ae::Index row, ae::Index col, const auto& t, auto s, const auto& w) {
    CHECK(row == 2);
    s = t * static_cast<float>(col) + w;
  };
  const auto epilogue = ae::linalg::on_columns(add, sums, weights);
  ae::detail::Ahead ahead(true);
  epilogue.look_ahead({2, 3}, {4, 2}, ahead);
  ahead.fetch(1);
  epilogue(tile, {2, 3}, {4, 2});
  CHECK(sums(4, 5) == 25 + weights(4, 5));
  CHECK((sums.array() != 0).count() == 6);
}

static_assert(ae::detail::Shared<ae::linalg::SharedView<float>>);
static_assert(!ae::detail::Shared<ae::linalg::View<float>>);
static_assert(ae::detail::Written<ae::linalg::SharedView<float>>);
static_assert(!ae::detail::Written<ae::linalg::ConstView<float>>);

TEST_CASE("a shared matrix is written like any other") {
  const Matrix<float> tile = Matrix<float>::Constant(3, 2, 5);
  Matrix<float> sums = Matrix<float>::Zero(9, 6);
  const auto set = [](ae::Index, ae::Index, const auto& t, auto s) { s = t; };
  const auto epilogue = ae::linalg::on_columns(set, ae::linalg::shared(sums));
  ae::detail::Ahead ahead(true);
  epilogue.look_ahead({2, 3}, {4, 2}, ahead);
  ahead.claim(1);
  epilogue(tile, {2, 3}, {4, 2});
  CHECK(sums.block(2, 4, 3, 2) == tile);
  CHECK(sums.sum() == 30);
}

TEST_CASE("one epilogue after the other sees the tile as the first left it") {
  Matrix<float> tile = Matrix<float>::Constant(2, 2, 1), dst = Matrix<float>::Zero(4, 4);
  const auto twice = [](auto&& t, Range, Range) { t *= 2; };
  const auto both = ae::linalg::Then{twice, ae::linalg::storing(dst)};
  ae::detail::Ahead ahead(true);
  both.look_ahead({1, 2}, {1, 2}, ahead);
  ahead.fetch(0);
  both(tile, {1, 2}, {1, 2});
  CHECK(dst.block(1, 1, 2, 2) == Matrix<float>::Constant(2, 2, 2));
  CHECK(dst.sum() == 8);
}

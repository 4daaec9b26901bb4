#include "ae/linalg/epilogue.hpp"

#include "support/expect.hpp"

using ae::Matrix;
using ae::Range;

TEST_CASE("entries of a tile come with those at the same place in other matrices") {
  const Matrix<float> tile = Matrix<float>::Constant(3, 2, 5);
  Matrix<float> sums = Matrix<float>::Zero(9, 6);
  const Matrix<float> weights = Matrix<float>::Random(9, 6);
  const auto add = [](const auto& t, auto s, const auto& w) { s = 3 * t + w; };
  const auto epilogue = ae::linalg::elementwise(add, sums, weights);
  ae::detail::PrefetchList list(true);
  epilogue.add_prefetches({2, 3}, {4, 2}, list);
  list.prefetch(1);
  epilogue(tile, {2, 3}, {4, 2});
  CHECK(sums(4, 5) == 15 + weights(4, 5));
  CHECK((sums.array() != 0).count() == 6);
}

static_assert(ae::detail::Shared<ae::linalg::SharedView<float>>);
static_assert(!ae::detail::Shared<ae::linalg::View<float>>);

TEST_CASE("a shared matrix is written like any other") {
  const Matrix<float> tile = Matrix<float>::Constant(3, 2, 5);
  Matrix<float> sums = Matrix<float>::Zero(9, 6);
  const auto epilogue = ae::linalg::store_to(ae::linalg::shared(sums));
  ae::detail::PrefetchList list(true);
  epilogue.add_prefetches({2, 3}, {4, 2}, list);
  list.claim(1);
  epilogue(tile, {2, 3}, {4, 2});
  CHECK(sums.block(2, 4, 3, 2) == tile);
  CHECK(sums.sum() == 30);
}

TEST_CASE("one epilogue after the other sees the tile as the first left it") {
  Matrix<float> tile = Matrix<float>::Constant(2, 2, 1), dst = Matrix<float>::Zero(4, 4);
  const auto twice = [](auto&& t, Range, Range) { t *= 2; };
  const auto both = ae::linalg::chain(twice, ae::linalg::store_to(dst));
  ae::detail::PrefetchList list(true);
  both.add_prefetches({1, 2}, {1, 2}, list);
  list.prefetch(0);
  both(tile, {1, 2}, {1, 2});
  CHECK(dst.block(1, 1, 2, 2) == Matrix<float>::Constant(2, 2, 2));
  CHECK(dst.sum() == 8);
}

TEST_CASE("an epilogue behind a reference does and prefetches the same") {
  Matrix<float> tile = Matrix<float>::Constant(4, 2, 3), dst = Matrix<float>::Zero(7, 5);
  const auto store = ae::linalg::store_to(dst);
  const ae::linalg::EpilogueRef<float> reference(store), none;
  ae::detail::PrefetchList list(false);
  reference.add_prefetches({1, 4}, {3, 2}, list);
  none.add_prefetches({1, 4}, {3, 2}, list);
  none(ae::linalg::view(tile), {1, 4}, {3, 2});
  CHECK(dst.isZero());
  reference(ae::linalg::view(tile), {1, 4}, {3, 2});
  CHECK(dst.sum() == 24);
  CHECK(dst.block(1, 3, 4, 2).sum() == 24);
}

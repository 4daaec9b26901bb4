#include "ae/detail/tools/group_masking.hpp"

#include <doctest/doctest.h>

#include "ae/parts/corruption.hpp"
#include "ae/tools/masked_prediction.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE("where each feature is a group it masks what Masking does") {
  const ae::Random random(1, ae::Purpose::corrupt);
  Matrix<float> x = Matrix<float>::Random(7, 50), y = x;
  ae::Masking{0.3}.corrupt(x, random, 11);
  const auto groups = ae::detail::each_alone(7);
  ae::detail::GroupMasking{0.3, groups}.corrupt(y, random, 11);
  CHECK(x == y);
}

TEST_CASE("groups are masked, or not, with their probability") {
  const ae::Random random(2, ae::Purpose::corrupt);
  const std::vector<Index> groups{0, 1, 1, 1, 2};
  Matrix<float> x = Matrix<float>::Ones(5, 4000);
  ae::detail::GroupMasking{0.3, groups}.corrupt(x, random, 0);
  CHECK(x.row(1) == x.row(2));
  CHECK(x.row(1) == x.row(3));
  for (const Index i : {0, 1, 4}) CHECK(x.row(i).mean() == doctest::Approx(0.7).epsilon(0.05));
}

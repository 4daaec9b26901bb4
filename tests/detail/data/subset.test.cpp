#include "ae/detail/data/subset.hpp"

#include <algorithm>

#include "ae/detail/data/source.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE("a subset reads the samples that it holds") {
  const Matrix<double> x = Matrix<double>::Random(3, 10);
  const ae::detail::MatrixSource<double> source(x);
  const ae::detail::Subset subset(source, {7, 2, 9});
  CHECK(subset.samples() == 3);
  CHECK(subset.features() == 3);
  Matrix<double> read(3, 2);
  const std::vector<Index> picks{2, 0};
  subset.read<double>(picks, read);
  CHECK(read.col(0) == x.col(9));
  CHECK(read.col(1) == x.col(7));
}

TEST_CASE("a split holds every sample once, shuffled by the seed") {
  const Matrix<double> x = Matrix<double>::Random(1, 100);
  const ae::detail::MatrixSource<double> source(x);
  const auto numbers = [](const auto& subset) {
    std::vector<Index> found;
    for (Index i = 0; i < subset.samples(); ++i) found.push_back(subset.number(i));
    return found;
  };
  const auto one = ae::detail::split(source, 0.2, 1), again = ae::detail::split(source, 0.2, 1),
             other = ae::detail::split(source, 0.2, 2);
  CHECK(one.train.samples() == 80);
  CHECK(one.validation.samples() == 20);
  CHECK(numbers(one.validation) == numbers(again.validation));
  CHECK(numbers(one.validation) != numbers(other.validation));
  auto all = numbers(one.train);
  CHECK(!std::ranges::is_sorted(all));
  for (const Index i : numbers(one.validation)) all.push_back(i);
  std::ranges::sort(all);
  for (Index i = 0; i < 100; ++i) CHECK(all[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("no share sets nothing aside and keeps the order") {
  const Matrix<double> x = Matrix<double>::Random(1, 5);
  const ae::detail::MatrixSource<double> source(x);
  const auto whole = ae::detail::split(source, 0, 1);
  CHECK(whole.validation.samples() == 0);
  for (Index i = 0; i < 5; ++i) CHECK(whole.train.number(i) == i);
}

#include "ae/parts/augmentation.hpp"

#include <array>

#include "support/allocations.hpp"
#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("one picture in two is mirrored, row by row") {
  Matrix<float> x(6, 1000);
  for (auto column : x.colwise()) column << 1, 2, 3, 4, 5, 6;
  ae::RandomFlipAndShift{3}.augment(x, ae::Random(1, ae::Purpose::augment), 0);
  Eigen::Matrix<float, 6, 1> as_was, mirrored;
  as_was << 1, 2, 3, 4, 5, 6;
  mirrored << 3, 2, 1, 6, 5, 4;
  int changed = 0;
  for (const auto& column : x.colwise()) {
    CHECK((column == as_was || column == mirrored));
    changed += column == mirrored;
  }
  CHECK(changed > 440);
  CHECK(changed < 560);
}

TEST_CASE("a batch in parts is mirrored as in one") {
  const Matrix<double> x = Matrix<double>::Random(6, 50);
  Matrix<double> whole = x, parts = x;
  const ae::Random random(1, ae::Purpose::augment);
  ae::RandomFlipAndShift{3}.augment(whole, random, 0);
  ae::RandomFlipAndShift{3}.augment(parts.leftCols(20), random, 0);
  ae::RandomFlipAndShift{3}.augment(parts.rightCols(30), random, 120);
  CHECK(whole == parts);
}

TEST_CASE("further pictures of a size allocate nothing") {
  Matrix<float> x = Matrix<float>::Random(6, 4);
  const ae::Random random(1, ae::Purpose::augment);
  ae::RandomFlipAndShift{3}.augment(x, random, 0);
  const long before = allocations();
  Eigen::internal::set_is_malloc_allowed(false);
  ae::RandomFlipAndShift{3}.augment(x, random, 24);
  Eigen::internal::set_is_malloc_allowed(true);
  CHECK(allocations() == before);
}

TEST_CASE("pictures whose rows are of another width are refused") {
  Matrix<float> x = Matrix<float>::Zero(7, 1);
  CHECK(says(message_of<ae::ShapeError>([&] {
               ae::RandomFlipAndShift{3}.augment(x, ae::Random(1, ae::Purpose::augment), 0);
             }),
             "3 values", "pictures of 7"));
}

TEST_CASE("pictures are moved to one of four sides or not at all, and the edge is repeated") {
  Matrix<float> x(9, 2000);
  for (auto column : x.colwise()) column << 1, 2, 3, 4, 5, 6, 7, 8, 9;
  ae::RandomFlipAndShift{.width = 3, .shift = 1}.augment(x, ae::Random(1, ae::Purpose::augment), 0);
  Matrix<float> ways(9, 5);
  ways.col(0) << 1, 2, 3, 4, 5, 6, 7, 8, 9;
  ways.col(1) << 4, 5, 6, 7, 8, 9, 7, 8, 9;
  ways.col(2) << 1, 2, 3, 1, 2, 3, 4, 5, 6;
  ways.col(3) << 2, 3, 3, 5, 6, 6, 8, 9, 9;
  ways.col(4) << 1, 1, 2, 4, 4, 5, 7, 7, 8;
  std::array<int, 5> seen{};
  for (const auto& column : x.colwise()) {
    Matrix<float> mirrored(9, 1);
    for (int row = 0; row < 9; row += 3)
      mirrored.col(0).segment(row, 3) = column.segment(row, 3).reverse();
    for (std::size_t way = 0; way < 5; ++way) {
      const auto one = ways.col(static_cast<ae::Index>(way));
      seen[way] += column == one || mirrored.col(0) == one;
    }
  }
  for (const int count : seen) {
    CHECK(count > 330);
    CHECK(count < 470);
  }
}

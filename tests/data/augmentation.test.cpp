#include "ae/data/augmentation.hpp"

#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("one picture in two is mirrored, row by row") {
  Matrix<float> x(6, 1000);
  for (auto column : x.colwise()) column << 1, 2, 3, 4, 5, 6;
  ae::MirrorPictures{3}.augment(x, ae::Random(1, ae::Purpose::augment), 0);
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
  ae::MirrorPictures{3}.augment(whole, random, 0);
  ae::MirrorPictures{3}.augment(parts.leftCols(20), random, 0);
  ae::MirrorPictures{3}.augment(parts.rightCols(30), random, 120);
  CHECK(whole == parts);
}

TEST_CASE("pictures whose rows are of another width are refused") {
  Matrix<float> x = Matrix<float>::Zero(7, 1);
  CHECK(says(message_of<ae::ShapeError>(
                 [&] { ae::MirrorPictures{3}.augment(x, ae::Random(1, ae::Purpose::augment), 0); }),
             "3 values", "pictures of 7"));
}

#include "ae/detail/training/hidden.hpp"

#include "ae/parts/activity_penalty.hpp"
#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("dropout draws by seed and step, and leaves the code alone") {
  const ae::detail::FitParts parts(ae::Dropout{0.5});
  ae::detail::Hidden<double, ae::detail::FitParts<ae::Dropout>> hidden(parts, 1, 7, 1),
      again(parts, 1, 7, 1);
  const Matrix<double> y = Matrix<double>::Ones(20, 8);
  const auto pass = [&](auto& between, ae::Index step, ae::Index layer) {
    between.start(step, 1);
    return Matrix<double>(between.pass(layer, y));
  };
  const Matrix<double> first = pass(hidden, 3, 0);
  CHECK((first.array() == 0).any());
  CHECK(Matrix<double>(hidden.passed(0, y)) == first);
  CHECK(pass(again, 3, 0) == first);
  CHECK(pass(hidden, 4, 0) != first);
  CHECK(pass(hidden, 3, 2) != first);
  CHECK(pass(hidden, 3, 1) == y);
}

TEST_CASE("the penalty of the codes is in the units of the data") {
  const ae::detail::FitParts parts(ae::SparseL1{2});
  ae::detail::Hidden<double, ae::detail::FitParts<ae::SparseL1>> hidden(parts, 0, 0, 0.25);
  hidden.start(0, 1);
  hidden.pass(0, Matrix<double>::Constant(3, 5, -1));
  CHECK(hidden.penalty() == 6);
  hidden.start(1, 1);
  CHECK(hidden.penalty() == 0);
}

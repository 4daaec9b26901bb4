#include "ae/detail/training/training_hooks.hpp"

#include "ae/detail/training/typed_parts.hpp"
#include "ae/parts/activity_penalty.hpp"
#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("dropout draws by seed and step, and leaves the code alone") {
  const auto parts = ae::detail::typed_parts<double>(ae::detail::FitParts(ae::Dropout{0.5}));
  ae::detail::TrainingHooks<double> hooks(*parts, 1, 7), again(*parts, 1, 7);
  const Matrix<double> y = Matrix<double>::Ones(20, 8);
  const auto pass = [&](auto& between, ae::Index step, ae::Index layer) {
    between.start(step, 1, 1);
    return Matrix<double>(between.on_forward(layer, ae::linalg::const_view(y)));
  };
  const Matrix<double> first = pass(hooks, 3, 0);
  CHECK((first.array() == 0).any());
  CHECK(Matrix<double>(hooks.input_of_next(0, ae::linalg::const_view(y))) == first);
  CHECK(pass(again, 3, 0) == first);
  CHECK(pass(hooks, 4, 0) != first);
  CHECK(pass(hooks, 3, 2) != first);
  CHECK(pass(hooks, 3, 1) == y);
}

TEST_CASE("the penalty of the codes is in the units of the data") {
  const auto parts = ae::detail::typed_parts<double>(ae::detail::FitParts(ae::SparseL1{2}));
  ae::detail::TrainingHooks<double> hooks(*parts, 0, 0);
  hooks.start(0, 1, 0.25);
  const Matrix<double> codes = Matrix<double>::Constant(3, 5, -1);
  hooks.on_forward(0, ae::linalg::const_view(codes));
  CHECK(hooks.penalty() == 6);
  hooks.start(1, 1, 0.25);
  CHECK(hooks.penalty() == 0);
}

#include "ae/detail/training/partial_fit.hpp"

#include "ae/detail/training/trainer.hpp"
#include "support/expect.hpp"
#include "support/parameters.hpp"

using ae::Matrix;

TEST_CASE("a step on a stream is a step of a fit") {
  using Layers = ae::Stack<double, ae::Identity>;
  const Matrix<double> x = Matrix<double>::Random(4, 6);
  Layers one({4, 2, 4});
  ae::detail::initialize(one, ae::XavierUniform{}, 1);
  Layers other = one;
  ae::detail::TrainingState<double> state, same;
  const ae::detail::FitParts parts(ae::L2{0.1});
  ae::Scaler<double> as_is;
  const double loss = ae::detail::partial_fit(one, state, as_is, x, 0.01, parts, 0);
  ae::detail::Trainer trainer(other, same, parts);
  CHECK(trainer.step(x, 0.01, 0) == doctest::Approx(loss).epsilon(1e-14));
  CHECK(parameter_of(one, 0, 0).value == parameter_of(other, 0, 0).value);
  CHECK(state.steps == 1);
}

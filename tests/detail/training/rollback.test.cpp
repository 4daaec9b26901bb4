#include "ae/detail/training/rollback.hpp"

#include "support/expect.hpp"

TEST_CASE("weights and state go back to where they were kept") {
  ae::Stack<double> layers({3, 2});
  ae::detail::TrainingState<double> state;
  ae::detail::Rollback rollback(layers, state);
  state.steps = 4;
  rollback.go_back();
  CHECK(state.steps == 4);
  rollback.keep();
  state.steps = 5;
  ae::detail::parameter_of(layers, 0, 0).value.setOnes();
  rollback.go_back();
  CHECK(state.steps == 4);
  CHECK(ae::detail::parameter_of(layers, 0, 0).value.sum() == 0);
}
